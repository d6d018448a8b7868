import type { eventWithTime } from '@rrweb/types';
import { aboutPage } from './about-page';
import { createAliveSign } from './alive';
import { continueRecording } from './continuation';
import { RefusedError, createDelivery } from './delivery';
import { listen } from './listen';
import { DEFAULT_FLUSH_BYTES, DEFAULT_FLUSH_MS, DEFAULT_MAX_WAITING_BYTES, type RecorderOptions } from './options';
import { openOutbox } from './outbox';
import { createPipeline } from './pipeline';
import { recordPage } from './record-page';
import { createTokenSource } from './token-source';

/** So many batches in a row that the API will never take: the next ones will not fare better. */
const MAX_REFUSED_IN_A_ROW = 3;

export interface Recording {
  /** Changes when another user signs in: a recording of theirs begins. */
  readonly recordingId: string;
  /** Resolves when what was recorded is stored, or else kept for the next page. Nothing runs after that. */
  stop(): Promise<void>;
  /** Resolves when all up to now is stored, or when a try to do so has failed: it goes on by itself. */
  flush(): Promise<void>;
  /** Records nothing until `resume`. */
  pause(): void;
  resume(): void;
}

const SHOWN = 'prerenderingchange';

let current: Recording | undefined;

/**
 * Record this page and send it to `apiUrl`.
 *
 * Never throws; a page that is recorded already gets the recording that runs.
 */
export function startRecording(options: RecorderOptions): Recording {
  const onError = (error: unknown): void => {
    try {
      options.onError?.(error);
    } catch {
      // a guest does not throw into the page, not even its own errors
    }
  };
  if (current) return current;
  let begun: Begun | undefined;
  const forget = (): void => void (current = undefined);
  let paused = false;
  const begin = (given: RecorderOptions): void => {
    try {
      // An id is one user's; that the tab is recorded was decided before.
      const beginAnew = () => begin({ ...options, recordingId: undefined, sampleShare: 1 });
      begun = start(given, onError, () => paused, beginAnew, forget);
    } catch (error) {
      forget();
      onError(error);
    }
  };
  const beginShown = (): void => begin(options);
  const wait = (): void => document.removeEventListener(SHOWN, beginShown);
  const beginOnceShown = (): void => {
    // Nobody sees a page that is prerendered, perhaps ever; and what the tab remembers is not for it yet.
    if ((document as { prerendering?: boolean }).prerendering) document.addEventListener(SHOWN, beginShown, { once: true });
    else beginShown();
  };
  function setPaused(value: boolean): void {
    paused = value;
    if (begun) begun.apply();
    else if (value) wait();
    else beginOnceShown();
  }
  const recording: Recording = {
    get recordingId() {
      return begun?.recordingId ?? '';
    },
    stop: async () => {
      wait();
      await (begun ? begun.stop() : forget());
    },
    async flush() {
      let flushed;
      while (flushed !== begun) await (flushed = begun)?.flush(); // another user's may have begun meanwhile
    },
    pause: () => setPaused(true),
    resume: () => setPaused(false),
  };
  current = recording;
  beginOnceShown();
  return recording;
}

/** A recording of one user. */
type Begun = Pick<Recording, 'recordingId' | 'stop' | 'flush'> & { apply(): void };

/** @param beginAnew called when the recording has ended because the user changed */
function start(
  options: RecorderOptions,
  onError: (error: unknown) => void,
  isPaused: () => boolean,
  beginAnew: () => void,
  onEnd: () => void,
): Begun {
  const { sampleShare = 1 } = options;
  const apiUrl = options.apiUrl.replace(/\/$/, '');
  const startedAtMs = Date.now();
  const continuation = continueRecording({
    storage: storageOf('sessionStorage'),
    recordingId: options.recordingId,
    sample: () => Math.random() < sampleShare,
  });
  const token = createTokenSource(options.getToken, continuation, changeUser);
  const outbox = openOutbox(apiUrl, continuation.sampled ? storageOf('indexedDB') : undefined, onError);
  const alive = createAliveSign(continuation.recordingId, navigator.locks);
  let refusedInARow = 0;
  let page: ReturnType<typeof recordPage> | undefined;
  let stopped: Promise<void> | undefined;
  let stopHearing: (() => void) | undefined;

  const delivery = createDelivery({
    apiUrl,
    token,
    outbox,
    tabStorage: storageOf('sessionStorage'),
    fetch: fetch.bind(globalThis),
    onDelivered({ sequence }) {
      refusedInARow = 0;
      if (sequence === null) continuation.setCreated();
      else pipeline.relieve();
      if (!lookedBehind) void lookBehind();
    },
    onError(error) {
      onError(error);
      if (!(error instanceof RefusedError)) return;
      refusedInARow += 1;
      if (refusedInARow >= MAX_REFUSED_IN_A_ROW) void recording.stop();
      else if (error.parcel.recordingId === continuation.recordingId) pipeline.refused(error.parcel.events);
    },
  });
  const pipeline = createPipeline({
    continuation,
    delivery,
    outbox,
    owner: token.owner,
    flushMs: options.flushMs ?? DEFAULT_FLUSH_MS,
    flushBytes: options.flushBytes ?? DEFAULT_FLUSH_BYTES,
    maxWaitingBytes: options.maxWaitingBytes ?? DEFAULT_MAX_WAITING_BYTES,
    takeSnapshot: () => page?.takeSnapshot(),
  });

  /**
   * Go on with what the page before has handed over, and send what pages that are gone could not: a new recording first
   * sends something of its own, and a page that is back still has what it could not send.
   */
  let lookedBehind = false;
  async function lookBehind(isBack = false): Promise<void> {
    lookedBehind = true;
    try {
      await token.get(); // it says whose
      const parcels = await outbox.leftBehind(token.owner(), continuation.recordingId, await alive.others());
      for (const parcel of parcels) {
        if (parcel.goesOn) pipeline.goOnWith(parcel);
        else if (!isBack || parcel.open) delivery.add(parcel);
      }
    } catch (error) {
      lookedBehind = false;
      onError(error);
    }
  }

  function emit(event: eventWithTime): void {
    try {
      const seen = options.transform ? options.transform(event) : event;
      if (seen) pipeline.add(seen);
    } catch (error) {
      onError(error);
    }
  }

  let described = continuation.created();
  function describe(hasScreenshot: boolean): void {
    if (described) return;
    described = true;
    const { recordingId } = continuation;
    const text = aboutPage(startedAtMs, hasScreenshot);
    delivery.add({ recordingId, sequence: null, text, events: 0, assets: [] });
  }

  /** The picture goes first: createRecording says whether there is one, and is not asked again. */
  async function storeScreenshot(draw: () => Promise<Blob | undefined>): Promise<boolean> {
    const picture = await draw();
    if (!picture || described) return false;
    const headers = { Authorization: `Bearer ${await token.get()}`, 'Content-Type': picture.type };
    const url = `${apiUrl}/recordings/${continuation.recordingId}/screenshot`;
    return (await fetch(url, { method: 'PUT', body: picture, headers })).ok;
  }

  let staysOnSite = false;
  function onPageSwap({ activation }: PageSwapEvent): void {
    staysOnSite = !!activation; // null where the next page, or one that it was sent on from, is of another origin
  }
  function onPageHide(): void {
    describe(false);
    pipeline.sealNow(staysOnSite);
    continuation.leave();
    delivery.leave();
    delivery.keep();
    alive.letGo();
  }
  function onPageShow({ persisted }: PageTransitionEvent): void {
    if (!persisted) return;
    staysOnSite = false;
    if (!continuation.comeBack()) return changeUser();
    alive.hold();
    pipeline.waitFor(lookBehind(true));
    page?.takeSnapshot(); // pages between have put another document in its place
    delivery.retry();
  }
  function onVisibilityChange(): void {
    if (document.visibilityState !== 'hidden') return;
    pipeline.sealNow(); // of a page that goes, what came since
    delivery.keep(); // a phone may end a hidden page without a word
  }

  function begin(): void {
    if (stopped) return;
    if (!continuation.isNew) pipeline.waitFor(lookBehind());
    page = recordPage(options, emit, onError, isPaused);
    stopHearing = listen(window, {
      pageswap: onPageSwap,
      pagehide: onPageHide,
      pageshow: onPageShow,
      online: delivery.retry,
      visibilitychange: onVisibilityChange, // it bubbles from the document
    });
    if (options.screenshot && !described) storeScreenshot(options.screenshot).catch(onError).then((ok) => describe(!!ok));
    else describe(false);
  }

  async function end(): Promise<void> {
    page?.stop();
    if (page) {
      describe(false);
      await pipeline.flush();
      delivery.keep();
    }
    hangUp();
    onEnd();
  }

  /** End, and begin anew: what was gathered is not the next user's. */
  function changeUser(): void {
    continuation.forget(); // before it writes over the recording that has begun meanwhile
    pipeline.sealNow();
    delivery.handBack();
    if (stopped) return;
    stopped = Promise.resolve();
    page?.stop();
    hangUp();
    beginAnew();
  }

  function hangUp(): void {
    stopHearing?.();
    delivery.close();
    continuation.forget();
    alive.letGo();
    outbox.close();
  }

  const recording: Begun = {
    recordingId: continuation.recordingId,
    stop: () => (stopped ??= end().catch(onError)),
    flush: () => pipeline.flush().catch(onError),
    apply: () => page?.apply(),
  };
  if (continuation.sampled) {
    if (options.consent) options.consent.then(begin).then(undefined, onError);
    else begin();
  }
  return recording;
}

/** Even to name a storage throws where it is forbidden. */
function storageOf<K extends 'sessionStorage' | 'indexedDB'>(name: K): Window[K] | undefined {
  try {
    return window[name] ?? undefined;
  } catch {
    return undefined;
  }
}

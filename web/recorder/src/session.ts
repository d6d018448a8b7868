import type { eventWithTime } from '@rrweb/types';
import { createAliveSign } from './alive';
import { createBuffer } from './buffer';
import { bufferOptions } from './buffer-options';
import { createCleaner } from './cleaner';
import { continueRecording } from './continuation';
import { customEvent } from './corrections/recorded-nodes';
import { RefusedError, createDelivery } from './delivery';
import { createDescription } from './description';
import { destinationKind } from './destination';
import { type EndReason, endMark } from './end-marks';
import { createErrorTeller } from './errors';
import { type Facts, type Trigger, createFacts } from './facts';
import { createLeaving } from './leaving';
import { listen } from './listen';
import type { RecorderOptions } from './options';
import { createOutbox } from './outbox';
import { FACTS, type Parcel } from './parcel';
import { createPipeline } from './pipeline';
import { type LoadPlugin, type RunningPlugin, isAsked, startPlugins } from './plugins';
import { quietFetch } from './quiet-fetch';
import { recordPage } from './record-page';
import { createResourceSender } from './resource-sender';
import { createResources } from './resources';
import { shownAddress } from './shown-address';
import { storageOf } from './tab-storage';
import { toldResources } from './told-resources';
import { typedValues } from './typed-values';

/** So many batches in a row that the API refuses for good: it will refuse the next ones too. */
const MAX_REFUSED_IN_A_ROW = 3;

/** A custom event of rrweb's with this tag says which trigger began the recording; docs/recorder.md has its payload. */
export const CAPTURED_TAG = 'rrweb-store:captured';

/** What a tab has kept that is gone is deleted when this long nothing was added. */
const MAX_BUFFER_AGE_MS = 3_600_000;

/** Chromium shows a page again a moment before the other one gets its `pagehide`, and hands its batch over. */
const GONE_MS = 100;

/** Facts go this long after the first one that does not wait for the end, and so long after the last ones. */
const TELL_AFTER_MS = 5_000;
const TELL_AGAIN_AFTER_MS = 60_000;

/** The part of a recording that belongs to one user. */
export interface Session {
  /** Empty while the tab waits for a trigger: there is no recording. */
  readonly recordingId: string;
  /** Whether the tab is recorded at all. */
  readonly sampled: boolean;
  /** The page may be recorded: use the browser's storage from now on. */
  begin(): void;
  /** Record the page and send it, after `begin`. */
  start(): void;
  /** Record or not, as `isPaused` says now; nothing before the start. */
  apply(): void;
  /** What the page tells of the visit; only after the start. */
  readonly facts: Pick<Facts, 'identify' | 'tag' | 'track' | 'capture'>;
  /** Where this moment of the recording can be watched; empty like `recordingId`. */
  replayUrl(atMs: number): string;
  flush(): Promise<void>;
  /** Resolves when the recorded events are stored, or kept for the next page. */
  stop(): Promise<void>;
  /** Leave nothing running. */
  close(): void;
}

/**
 * @param dispatch told when another user has signed in, and when the API refuses everything
 * @param load how plugins come; without it there are none
 * @returns a session, which does nothing before its `start`
 */
export function openSession(
  options: RecorderOptions,
  isPaused: () => boolean,
  dispatch: (event: 'replaced' | 'stop') => void,
  onError: (error: unknown) => void,
  load?: LoadPlugin,
): Session {
  const waits = bufferOptions(options);
  const { sampleShare = waits ? 0 : 1 } = options;
  const kind = destinationKind(options);
  const storage = storageOf('sessionStorage');
  const continuation = continueRecording({
    storage,
    recordingId: options.recordingId,
    newId: kind.newId,
    owner: kind.owner,
    sample: () => Math.random() < sampleShare || (!!waits && Math.random() < waits.share && 'buffering'),
    buffers: !!waits,
  });
  const { recordingId, sampled, mode } = continuation;
  const destination = kind.open(continuation, changeUser);
  const outbox = createOutbox(destination.url, storageOf('indexedDB'), onError);
  const alive = createAliveSign(recordingId, navigator.locks);
  let refusedInARow = 0;
  /** Of a stop. */
  let reason: EndReason = 'stopped';
  let page: ReturnType<typeof recordPage> | undefined;
  let stopListening: (() => void) | undefined;
  /** The search for batches that were left behind; undefined before the first one and after a failed one. */
  let search: Promise<void> | undefined;

  const delivery = createDelivery({
    destination,
    outbox,
    storage,
    fetch: quietFetch,
    onDelivered({ sequence }) {
      refusedInARow = 0;
      if (sequence === null) continuation.setCreated();
      else pipeline.reportDropped();
      if (!search) void findLeftBehind();
    },
    onError(error) {
      onError(error);
      if (!(error instanceof RefusedError)) return;
      refusedInARow += 1;
      if (error.isFinal || refusedInARow >= MAX_REFUSED_IN_A_ROW) {
        reason = 'refused';
        dispatch('stop');
      } else if (error.parcel.recordingId === recordingId) pipeline.refused(error.parcel.events);
    },
  });
  const takeSnapshot = (): void => page?.takeSnapshot();
  /** What a tab keeps that waits for a trigger. Scripts of earlier releases would send it from the outbox. */
  const parts = createOutbox(destination.url, storageOf('indexedDB'), onError, 'rrweb-recorder-buffer', MAX_BUFFER_AGE_MS);
  const buffer =
    waits && mode() === 'buffering'
      ? createBuffer({
          ...waits,
          continuation,
          parts,
          delivery,
          outbox,
          destination,
          alive,
          takeSnapshot() {
            void destination.identify().catch(() => undefined); // the user may have changed
            takeSnapshot();
          },
          takeOpen: () => pipeline.takeOpen(),
          onCapture() {
            if (document.readyState !== 'loading') describe(options.screenshot);
            resources.release();
            tellSoon();
          },
        })
      : undefined;
  const holds = (): boolean => !!buffer?.holds();
  const waitsNow = (): boolean => !!buffer?.waits();
  const pipeline = createPipeline({
    ...options,
    handsOver: () => leaving.handsOver(),
    continuation,
    delivery: { ...delivery, ...buffer },
    outbox: { put: (...given) => (holds() ? parts : outbox).put(...given) },
    buffer,
    destination,
    startAnew() {
      takeSnapshot();
      resources.tellAgain();
    },
    boxOf: (id) => page?.boxOf(id),
  });
  const description = createDescription(destination, continuation, delivery, onError, options);
  const describe = (screenshot?: Parameters<typeof description>[0]): void => void description(screenshot).catch(onError);

  /**
   * Continue the batch that the previous page has handed over, and send those that pages that are gone could not. A new
   * recording first sends a batch of its own, and a page that has returned still holds its own unsent batches.
   */
  function findLeftBehind(hasReturned = false): Promise<void> {
    return (search = sendLeftBehind(hasReturned).catch((error: unknown) => {
      search = undefined;
      onError(error);
    }));
  }
  async function sendLeftBehind(hasReturned: boolean): Promise<void> {
    await destination.identify();
    const parcels = await outbox.leftBehind(destination.sendsFor, recordingId, await alive.others());
    for (const parcel of parcels) {
      if (parcel.resumes) pipeline.resumeBatch(parcel);
      else if (!hasReturned || parcel.open) delivery.add(parcel);
    }
  }

  /** The page's own events follow what earlier pages of the tab have kept. */
  function readKept(): void {
    void pipeline.hold(buffer!.read()).then(() => buffer!.dispatch('read'));
  }

  const resources = createResources({
    resources: options.resources,
    maxAssetBytes: destination.maxAssetBytes,
    told: toldResources(storage, recordingId),
    send: createResourceSender(destination, storage),
    isHeld: holds,
  });

  let visited = '';
  function emit(event: eventWithTime): void {
    try {
      const seen = options.transform ? options.transform(event) : event;
      if (seen) pipeline.add(seen);
      visit.see(event); // what it tells of a click comes after the click
      if (!seen) return;
      const { href } = location;
      if (href === visited) return;
      visited = href;
      continuation.visit(shownAddress(href, options));
      if (waits?.triggers.some((one) => one instanceof RegExp && href.search(one) >= 0)) trigger('address');
    } catch (error) {
      onError(error);
    }
  }

  /** The facts of the recording up to now, under the key of those that an earlier page of the tab may have kept. */
  function keptFacts(open: boolean, leaves = false): Parcel | undefined {
    if (!continuation.created() || (destination.factsOf === 'remarkable' && !visit.isRemarkable())) return undefined;
    const extent = continuation.extent();
    const text = JSON.stringify({ ...extent, leftAfterMs: leaves && isRecorded() ? extent.durationMs : undefined, ...visit.all() });
    const facts: Parcel = { recordingId, sequence: FACTS, text, events: 0, assets: [] };
    outbox.put(facts, destination.owner(), open);
    return facts;
  }

  const isRecorded = (): boolean => !!visited && !!page?.isRunning();
  const clean = createCleaner(options, () => (document.readyState === 'complete' ? typedValues.read() : page?.readFields()));
  /** Emit what happened on a page, through the last gate, if the page is recorded at this moment. */
  const emitSeen = (type: 5 | 6, data: object): void => page?.emit({ type, data, timestamp: Date.now() } as eventWithTime);
  const visit = createFacts(continuation.counted, destination.url, (id) => page?.nodeOf(id), emit, emitSeen, isAsked(options.errors ?? true) && createErrorTeller(clean, emitSeen), tellSoon);
  let plugins: RunningPlugin[] = [];
  /** The page may be gone next. */
  function tellAll(): void {
    resources.tell();
    for (const plugin of plugins) plugin.tell?.();
  }
  let tellTimer: ReturnType<typeof setTimeout> | undefined;
  let nextTellMs = 0;
  /** Tell the facts before the page goes: something went wrong, or the page has told something. */
  function tellSoon(by?: Trigger): void {
    if (by === 'call' || (by && waits?.triggers.includes(by as never) && !isPaused())) trigger(by);
    if (holds()) return;
    tellTimer ??= setTimeout(() => {
      tellTimer = undefined;
      nextTellMs = performance.now() + TELL_AGAIN_AFTER_MS;
      const facts = keptFacts(false);
      if (facts) delivery.add(facts);
    }, Math.max(TELL_AFTER_MS, nextTellMs - performance.now()));
  }

  /** Send what is kept. Later triggers change nothing. */
  function trigger(by: Trigger): void {
    if (!waitsNow()) return;
    buffer!.dispatch('trigger');
    emit(customEvent(CAPTURED_TAG, { by }));
    leaving.more();
  }

  /** Mark the end of the page or, with a reason, of the recording, if anything of this page was recorded. */
  function markEnd(reason?: EndReason): void {
    if (isRecorded()) emit(endMark(continuation.newestMs(), reason));
  }

  let facts: Parcel | undefined;
  const leaving = createLeaving({
    pipeline,
    delivery,
    tellAll,
    markEnd,
    go(handsOver) {
      tellAll();
      buffer?.dispatch('leave');
      pipeline.sealNow(handsOver);
      delivery.leave();
      describe();
      if (!handsOver) facts ??= keptFacts(false, true); // else the next page of the site tells them
      if (delivery.leave(facts)) outbox.remove(facts!);
      continuation.leave();
      delivery.keep();
      alive.letGo();
    },
    hide() {
      keptFacts(true);
      delivery.keep();
    },
    comeBack() {
      facts = undefined;
      if (!continuation.comeBack()) return changeUser();
      alive.hold();
      const gone = new Promise((resolve) => setTimeout(resolve, GONE_MS));
      void pipeline.hold(gone.then(() => findLeftBehind(true)));
      buffer?.dispatch(mode() === 'buffering' ? 'return' : 'elsewhere');
      if (holds()) readKept();
      page?.takeSnapshot(); // pages between have put another document in its place
      delivery.retry();
    },
  });

  const lifecycle = {
    /** A script of the head runs before the page has its title. It bubbles from the document. */
    DOMContentLoaded: () => describe(options.screenshot),
    online: delivery.retry,
  };

  /** The gathered events are not the next user's. */
  function changeUser(): void {
    continuation.forget(); // before it writes over the next user's recording
    pipeline.sealNow();
    delivery.abandon();
    dispatch('replaced');
  }

  return {
    get recordingId() {
      return waitsNow() ? '' : recordingId;
    },
    sampled,
    begin: continuation.begin,
    start(): void {
      outbox.open();
      alive.hold();
      if (buffer) {
        parts.open();
        void findLeftBehind();
        readKept();
      } else if (!continuation.isNew) void pipeline.hold(findLeftBehind());
      const listenAgain = (): void => {
        const stops = [leaving.listen(), listen(window, lifecycle), listen(window, visit.listeners)];
        stopListening = () => {
          for (const stop of stops) stop();
        };
      };
      page = recordPage(options, emit, onError, isPaused, listenAgain, resources);
      listenAgain();
      visit.start();
      if (load) plugins = startPlugins(load, { ...visit, isBlocked: page.isBlocked, options, clean, emit: emitSeen, ownUrl: destination.url, startMs: performance.now() }, page.isOn, onError);
      if (document.readyState !== 'loading') describe(options.screenshot);
    },
    apply: () => page?.apply(),
    facts: visit,
    replayUrl: (atMs) => waitsNow() ? '' : `${options.replayUrl ?? ''}/recordings/${recordingId}?t=${Math.floor(continuation.sinceFirst(atMs) / 100) / 10}`,
    flush: () => pipeline.flush().catch(onError),
    async stop(): Promise<void> {
      tellAll();
      markEnd(reason);
      page?.stop();
      describe();
      const facts = keptFacts(false);
      if (facts) delivery.add(facts);
      await pipeline.flush();
      delivery.keep();
    },
    close(): void {
      buffer?.dispatch('end');
      page?.stop();
      for (const plugin of plugins) plugin.stop?.();
      visit.stop();
      clearTimeout(tellTimer);
      resources.stop();
      stopListening?.();
      delivery.close();
      continuation.forget();
      alive.letGo();
      outbox.close();
    },
  };
}

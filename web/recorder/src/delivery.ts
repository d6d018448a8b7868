import { AssetRefusedError, createAssetStore } from 'assets';
import { type DeliveryEvent, type DeliveryState, nextDeliveryState } from './delivery-state';
import { canGzip } from './gzip';
import { knownAssets } from './known-assets';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf, pack, packNow } from './parcel';
import type { TokenSource } from './token-source';

/** Less than `POST …/events` takes (docs/api.md). */
export const MAX_STREAM_BYTES = 760_000;
/** `PUT …/events/{sequence}` takes 10 MB. Its refusal of more has no CORS headers, and would look like no network. */
export const MAX_LARGE_BYTES = 9_500_000;
/** The bytes that may be under way as the page is left, less those of other scripts. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
export const MAX_KEEPALIVE_BYTES = 60_000;
/** API Gateway answers within 29 s. */
const TIMEOUT_MS = 40_000;
/** UTF-8 bytes of one UTF-16 code unit. */
const MAX_UTF8_BYTES = 3;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** The API will never take a parcel; it is dropped. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly parcel: Parcel,
    /** HTTP's; 0: it is larger than any request may be. */
    readonly status: number,
  ) {
    super(`${parcel.sequence === null ? 'the recording' : `batch ${parcel.sequence}`} was refused with ${status}`);
  }
}

/** A parcel did not arrive, and is sent again. */
export class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';
}

export interface DeliveryOptions {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly token: TokenSource;
  readonly outbox: Outbox;
  readonly fetch: typeof globalThis.fetch;
  readonly onDelivered: (parcel: Parcel) => void;
  /** With a {@link RefusedError} the parcel is gone. */
  readonly onError: (error: unknown) => void;
  /** The tab's storage, for the assets that are known to be stored. */
  readonly storage?: Storage | undefined;
}

/** The result of a try. */
interface Outcome {
  readonly event: 'finished' | 'changed' | 'unauthorized' | 'failed';
  /** The status of HTTP with which the parcel was refused for good; 0: it is larger than any request may be. */
  readonly refused?: number;
  /** Of a failure. */
  readonly why?: unknown;
  /** `Retry-After`; NaN without. */
  readonly afterMs?: number;
}

/** Sends parcels one after the other, each until it is stored or refused for good. */
export function createDelivery(options: DeliveryOptions) {
  const { apiUrl, token, outbox, fetch, onDelivered, onError } = options;
  const known = knownAssets(options.storage, apiUrl, token.owner);
  const storeAssets = createAssetStore({ apiUrl, getToken: async () => token.held()!, fetch, known });
  let state: DeliveryState = { name: 'idle' };
  let waiting: Parcel[] = [];
  /** Parcels whose request outlives the page, and the answers to come. */
  const outliving = new Map<Parcel, Promise<Response>>();
  let keepaliveBytes = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Callers of `settled`. */
  let callers: (() => void)[] = [];

  function dispatch(event: DeliveryEvent, { afterMs, why }: Partial<Outcome> = {}): void {
    const before = state;
    state = nextDeliveryState(before, event);
    if (state === before) return;
    clearTimeout(retryTimer);
    if (state.name === 'sending' || state.name === 'renewed') return void sendFirst();
    for (const resolve of callers.splice(0)) resolve();
    if (!('failures' in state)) return;
    retryTimer = setTimeout(retry, afterMs! >= 0 ? afterMs : backoffMs(state.failures));
    keep(false);
    onError(new NotDeliveredError(`try ${state.failures} failed`, { cause: why }));
  }
  const retry = (): void => dispatch('retry');

  /** Try the parcel that has waited longest. */
  async function sendFirst(): Promise<void> {
    const [parcel] = waiting;
    if (!parcel) return dispatch('empty');
    const outcome = await attempt(parcel).catch((why: unknown): Outcome => ({ event: 'failed', why }));
    if (outcome.event === 'finished') finish(parcel, outcome.refused);
    dispatch(outcome.event, outcome);
  }

  function finish(parcel: Parcel, refused?: number): void {
    waiting = waiting.filter((one) => one !== parcel);
    outbox.remove(parcel);
    if (refused === undefined) onDelivered(parcel);
    else onError(new RefusedError(parcel, refused));
  }

  /** Keep all parcels for another page; or those that are not kept yet, since a browser that ends a page may leave no time. */
  function keep(isAll = true): void {
    for (const parcel of waiting) if (isAll || !parcel.kept) outbox.put(parcel, token.owner());
  }

  async function attempt(parcel: Parcel): Promise<Outcome> {
    const gathered = [...waiting]; // the user may change before the token is there
    const bearer = await token.get();
    for (const one of gathered) {
      if (one.owner) continue;
      one.owner = token.owner();
      if (one.kept) outbox.put(one); // the kept copy must equal what is sent under its number
    }
    if (parcel.assets.length > 0) {
      try {
        await storeAssets(parcel.assets);
        parcel.assets = [];
      } catch (error) {
        if (!(error instanceof AssetRefusedError)) throw error;
        const outcome = outcomeOf(error.status);
        if (outcome.event !== 'finished') return outcome;
        onError(error); // one picture will be missing, which is no reason to lose the events
        parcel.assets = parcel.assets.filter(({ sha256 }) => sha256 !== error.sha256);
        return { event: 'changed' };
      }
    }
    while (parcel.sequence !== null && parcel.text && (await pack(parcel)));
    if (parcel.large || parcel.text.length > MAX_STREAM_BYTES / MAX_UTF8_BYTES) packNow(parcel); // a large batch is gzip
    const content = contentOf(parcel);
    if (content.length > MAX_LARGE_BYTES) return { event: 'finished', refused: 0 };
    const { status, headers } = await (outliving.get(parcel) ?? send(parcel, content, bearer));
    if (status === 413 && parcel.sequence !== null && !parcel.large) {
      parcel.large = true;
      return { event: 'changed' };
    }
    return outcomeOf(status, headers.get('Retry-After'));
  }

  function send(parcel: Parcel, content: Uint8Array<ArrayBuffer>, bearer: string): Promise<Response> {
    const { recordingId, sequence, body, large } = parcel;
    const bytes = content.length;
    const isAbout = sequence === null;
    const isLarge = large || bytes > MAX_STREAM_BYTES;
    const isPut = isAbout || isLarge;
    const headers: Record<string, string> = {
      Authorization: `Bearer ${bearer}`,
      'Content-Type': `application/${isAbout ? 'json' : body ? 'gzip' : 'x-ndjson'}`,
    };
    if (!isPut) headers['Batch-Sequence'] = `${sequence}`;
    const keepalive = keepaliveBytes + bytes <= MAX_KEEPALIVE_BYTES;
    const answer = ask(`${recordingId}${isAbout ? '' : '/events'}${isLarge ? `/${sequence}` : ''}`, {
      method: isPut ? 'PUT' : 'POST',
      headers,
      body: content,
      keepalive,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!keepalive) return answer;
    keepaliveBytes += bytes;
    outliving.set(parcel, answer);
    return answer.finally(() => {
      keepaliveBytes -= bytes;
      outliving.delete(parcel);
    });
  }

  /** The page may have replaced `fetch` by one that throws. */
  const ask = async (path: string, request: RequestInit): Promise<Response> => fetch(`${apiUrl}/recordings/${path}`, request);

  return {
    add(parcel: Parcel): void {
      waiting.push(parcel);
      if ('failures' in state && state.failures) keep(false);
      dispatch('added');
    },

    /** The bytes that wait. */
    bytes: (): number => waiting.reduce((sum, parcel) => sum + bytesOf(parcel), 0),

    /** Try now, without waiting any longer. */
    retry,

    /** Resolves when no parcel is left, or when a try has failed. */
    async settled(): Promise<void> {
      if ('failures' in state) await new Promise<void>((resolve) => callers.push(resolve));
    },

    keep,

    /** The page is left: send now what may outlive it. Call `keep` after that, so that it keeps what was sent. */
    leave(): void {
      const bearer = token.held();
      for (const parcel of bearer ? waiting : []) {
        parcel.owner ??= token.owner(); // there is no time for another token
        // A parcel that does not fit is compressed better by the page that sends it.
        if (outliving.has(parcel) || parcel.assets.length || keepaliveBytes + bytesOf(parcel) > MAX_KEEPALIVE_BYTES) continue;
        if (parcel.sequence !== null && canGzip()) packNow(parcel);
        send(parcel, contentOf(parcel), bearer!).then(
          ({ status }) => {
            const { event, refused } = outcomeOf(status);
            if (event === 'finished' && !refused && waiting.includes(parcel)) finish(parcel);
          },
          () => undefined, // it is kept, and sent again
        );
      }
    },

    /** The user has changed. Batches whose user is certain are kept for them; the others are deleted. */
    abandon(): void {
      for (const parcel of waiting) outbox[parcel.owner ? 'put' : 'remove'](parcel);
      waiting = [];
    },

    /** Send nothing more. */
    close: (): void => dispatch('stop'),
  };
}

/** The result of a request, by the status of its answer. */
function outcomeOf(status: number, retryAfter?: string | null): Outcome {
  // 409 of a large batch: a request of ours is writing it now. 409 of createRecording, and 412: it is stored.
  if ((status >= 200 && status < 300) || status === 409 || status === 412) return { event: 'finished' };
  if (status !== 401 && status !== 408 && status !== 429 && status < 500) return { event: 'finished', refused: status };
  return { event: status === 401 ? 'unauthorized' : 'failed', why: status, afterMs: parseFloat(retryAfter!) * 1000 };
}

const contentOf = ({ body, text }: Parcel): Uint8Array<ArrayBuffer> => body ?? new TextEncoder().encode(text);

export type Delivery = ReturnType<typeof createDelivery>;

/** Exponential backoff with jitter. */
export function backoffMs(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}

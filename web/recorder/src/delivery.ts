import { AssetRefusedError, createAssetStore } from 'assets';
import { type DeliveryEvent, type DeliveryState, nextDeliveryState } from './delivery-state';
import type { Destination, Outgoing } from './destination';
import { canGzip } from './gzip';
import { knownAssets } from './known-assets';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf, isBatch, pack, packNow } from './parcel';

/** A request takes 10 MB. API Gateway's refusal of more has no CORS headers, and would look like no network. */
export const MAX_LARGE_BYTES = 9_500_000;
/** The bytes that may be under way as the page is left, less those of other scripts. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
export const MAX_KEEPALIVE_BYTES = 60_000;
/** API Gateway answers within 29 s. */
const TIMEOUT_MS = 40_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** The API will never take a parcel; it is dropped. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly parcel: Parcel,
    /** HTTP's; 0: it is larger than any request may be. */
    readonly status: number,
    /** What the API said of it. */
    detail = '',
    /** Nothing of this page will ever be taken. */
    readonly isFinal = false,
  ) {
    super(`${isBatch(parcel) ? `batch ${parcel.sequence}` : 'the recording'} was refused with ${status} ${detail}`.trim());
  }
}

/** A parcel did not arrive, and is sent again. */
export class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';
}

export interface DeliveryOptions {
  readonly destination: Destination;
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
  readonly event: 'finished' | 'changed' | 'unauthorized' | 'failed' | 'closed';
  /** The status of HTTP with which the parcel was refused for good; 0: it is larger than any request may be. */
  readonly refused?: number;
  /** What the API said of it. */
  readonly detail?: string | undefined;
  /** Of a failure. */
  readonly why?: unknown;
  /** `Retry-After`; NaN without. */
  readonly afterMs?: number;
}

/** Sends parcels one after the other, each until it is stored or refused for good. */
export function createDelivery(options: DeliveryOptions) {
  const { destination, outbox, fetch, onDelivered, onError } = options;
  const { owner } = destination;
  const storeAssets = createAssetStore({
    ask: async (asset, step) => fetch(...destination.asset(asset, step)),
    renews: destination.renewsAssets,
    known: knownAssets(options.storage, destination.url, owner),
  });
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
  const start = (): void => void (waiting.length && dispatch('added'));
  const retry = (): void => {
    start();
    dispatch('retry');
  };

  /** Try the parcel that has waited longest. */
  async function sendFirst(): Promise<void> {
    const [parcel] = waiting;
    if (!parcel) return dispatch('empty');
    const outcome = await attempt(parcel).catch((why: unknown): Outcome => ({ event: 'failed', why }));
    if (outcome.event === 'finished') finish(parcel, outcome);
    dispatch(outcome.event, outcome);
    if (outcome.event !== 'closed') return;
    for (const one of waiting.splice(0)) outbox.remove(one);
    onError(new RefusedError(parcel, outcome.refused!, outcome.detail, true));
  }

  function finish(parcel: Parcel, { refused, detail }: Partial<Outcome> = {}): void {
    waiting = waiting.filter((one) => one !== parcel);
    outbox.remove(parcel);
    if (refused === undefined) onDelivered(parcel);
    else onError(new RefusedError(parcel, refused, detail));
  }

  /** Keep all parcels for another page; or those that are not kept yet, since a browser that ends a page may leave no time. */
  function keep(isAll = true): void {
    for (const parcel of waiting) if (isAll || !parcel.kept) outbox.put(parcel, owner());
  }

  async function attempt(parcel: Parcel): Promise<Outcome> {
    const gathered = [...waiting]; // the owner may change before the destination knows
    const sender = await destination.identify();
    for (const one of gathered) {
      if (one.owner) continue;
      one.owner = owner();
      if (one.kept) outbox.put(one); // the kept copy must equal what is sent under its number
    }
    if (parcel.assets.length > 0) {
      try {
        await storeAssets(parcel.assets);
        parcel.assets = [];
      } catch (error) {
        if (!(error instanceof AssetRefusedError)) throw error;
        const { event } = outcomeOf(parcel, new Response(null, { status: error.status }));
        if (event === 'failed' || event === 'unauthorized') return { event, why: error.status };
        onError(error); // one picture will be missing, which is no reason to lose the events
        parcel.assets = parcel.assets.filter(({ sha256 }) => sha256 !== error.sha256);
        return { event: 'changed' };
      }
    }
    while (isBatch(parcel) && parcel.text && (await pack(parcel)));
    const outgoing = sender(parcel);
    if (outgoing.bytes > MAX_LARGE_BYTES) return { event: 'finished', refused: 0 };
    const answer = await (outliving.get(parcel) ?? send(outgoing, parcel));
    const outcome = outcomeOf(parcel, answer);
    if (outcome.event === 'changed') parcel.large = true;
    return outcome.refused ? { ...outcome, detail: await detailOf(answer) } : outcome;
  }

  /** The result of a request, by its answer. */
  function outcomeOf(parcel: Parcel, { status, headers }: Response): Outcome {
    const meaning = destination.meaning(status, parcel);
    if (meaning === 'refused') return { event: 'finished', refused: status };
    if (meaning === 'closed') return { event: meaning, refused: status };
    return { event: EVENTS[meaning], why: status, afterMs: parseFloat(headers.get('Retry-After')!) * 1000 };
  }

  function send(outgoing: Outgoing, parcel: Parcel): Promise<Response> {
    const { bytes } = outgoing;
    const keepalive = keepaliveBytes + bytes <= MAX_KEEPALIVE_BYTES;
    const answer = ask(outgoing, keepalive);
    if (!keepalive) return answer;
    keepaliveBytes += bytes;
    outliving.set(parcel, answer);
    return answer.finally(() => {
      keepaliveBytes -= bytes;
      outliving.delete(parcel);
    });
  }

  /** The page may have replaced `fetch` by one that throws. */
  const ask = async ({ url, request }: Outgoing, keepalive: boolean): Promise<Response> =>
    fetch(url, { ...request, keepalive, signal: AbortSignal.timeout?.(TIMEOUT_MS) });

  return {
    /** @param sends false: it waits until `start` or `leave` */
    add(parcel: Parcel, sends = true): void {
      if (state.name === 'closed') return outbox.remove(parcel);
      if (!waiting.includes(parcel)) waiting.push(parcel);
      if (!sends) return;
      if ('failures' in state && state.failures) keep(false);
      dispatch('added');
    },

    /** The bytes that wait. */
    bytes: (): number => waiting.reduce((sum, parcel) => sum + bytesOf(parcel), 0),

    /** Send what was added without. */
    start,

    /** Try now, without waiting any longer. */
    retry,

    /** Resolves when no parcel is left, or when a try has failed. */
    async settled(): Promise<void> {
      if ('failures' in state) await new Promise<void>((resolve) => callers.push(resolve));
    },

    keep,

    /**
     * The page is left: send now what may outlive it and was not sent before. Call `keep` after that, so that it keeps what
     * was sent.
     *
     * @param facts they go last, and their fate is of no interest
     * @returns whether they had room
     */
    leave(facts?: Parcel): boolean {
      const sender = destination.held();
      for (const parcel of sender ? [...waiting, ...(facts ? [facts] : [])] : []) {
        parcel.owner ??= owner(); // there is no time for another token
        // A parcel that does not fit is compressed better by the page that sends it.
        if (outliving.has(parcel) || parcel.assets.length || keepaliveBytes + bytesOf(parcel) > MAX_KEEPALIVE_BYTES) continue;
        if (isBatch(parcel) && canGzip()) packNow(parcel);
        send(sender!(parcel), parcel).then(
          (answer) => {
            const { event, refused } = outcomeOf(parcel, answer);
            if (event === 'finished' && !refused && waiting.includes(parcel)) finish(parcel);
          },
          () => undefined, // it is kept, and sent again
        );
      }
      return !!facts && outliving.has(facts);
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

const EVENTS = { stored: 'finished', again: 'failed', unauthorized: 'unauthorized', 'too large': 'changed' } as const;

/** Of a problem document (RFC 9457); undefined of anything else. */
async function detailOf(answer: Response): Promise<string | undefined> {
  const { detail } = Object(await answer.json().catch(() => undefined));
  return typeof detail === 'string' ? detail : undefined;
}

export type Delivery = ReturnType<typeof createDelivery>;

/** Exponential backoff with jitter. */
export function backoffMs(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}

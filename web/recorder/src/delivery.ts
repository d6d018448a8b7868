import { AssetRefusedError, AssetStore } from 'assets';
import { canGzip } from './gzip';
import { knownAssets } from './known-assets';
import type { Outbox } from './outbox';
import { type Parcel, bytesOf, pack, packNow } from './parcel';
import type { TokenSource } from './token-source';

/** `POST …/events` takes 767,000 bytes (docs/events.md). */
export const MAX_STREAM_BYTES = 760_000;
/** `PUT …/events/{sequence}` takes 10 MB, and says no more without CORS headers: that would look like no network. */
export const MAX_LARGE_BYTES = 9_500_000;
/** What a page may have on its way when it goes, less what other scripts use. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
export const MAX_KEEPALIVE_BYTES = 60_000;
/** API Gateway answers within 29 s. */
const TIMEOUT_MS = 40_000;
/** Of one UTF-16 code unit. */
const MAX_UTF8_BYTES = 3;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** The API will never take a parcel; it is dropped. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly parcel: Parcel,
    /** Of HTTP; 0: it is larger than any request may be. */
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
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly token: TokenSource;
  readonly outbox: Outbox;
  readonly fetch: typeof globalThis.fetch;
  readonly onDelivered: (parcel: Parcel) => void;
  /** With a {@link RefusedError} the parcel is gone. */
  readonly onError: (error: unknown) => void;
  /** Where a tab remembers which assets are stored. */
  readonly tabStorage?: Storage | undefined;
}

type Outcome = 'there' | 'again' | { readonly afterMs: number | undefined; readonly why: unknown } | { readonly refused: number };

/** Sends parcels one after the other, each until it has arrived or is refused. */
export function createDelivery(options: DeliveryOptions) {
  const { apiUrl, token, outbox, fetch, onDelivered, onError } = options;
  const known = knownAssets(options.tabStorage, apiUrl, token.owner);
  const assets = new AssetStore({ apiUrl, getToken: async () => token.held()!, fetch, known });
  let waiting: Parcel[] = [];
  /** Those with a request that outlives the page, and its answer. */
  const outliving = new Map<Parcel, Promise<Response>>();
  let keepaliveBytes = 0;
  let failures = 0;
  let running = false;
  let closed = false;
  let endWait: (() => void) | undefined;
  let settled: (() => void)[] = [];

  async function run(): Promise<void> {
    if (running || closed) return;
    running = true;
    for (let parcel = waiting[0]; parcel && !closed; parcel = waiting[0]) {
      const outcome = await attempt(parcel).catch((why: unknown) => ({ afterMs: undefined, why }));
      if (outcome === 'again') continue;
      if (outcome === 'there' || 'refused' in outcome) {
        failures = 0;
        remove(parcel);
        outbox.remove(parcel);
        if (outcome === 'there') onDelivered(parcel);
        else onError(new RefusedError(parcel, outcome.refused));
        continue;
      }
      failures += 1;
      keep(false);
      onError(new NotDeliveredError(`try ${failures} failed`, { cause: outcome.why }));
      settle();
      if (!closed) await wait(outcome.afterMs ?? backoffMs(failures));
    }
    running = false;
    settle();
  }

  function remove(parcel: Parcel): void {
    waiting = waiting.filter((one) => one !== parcel);
  }

  /** Keep all that waits for another page; or what is not kept yet, since a browser that ends a page may have no time for it. */
  function keep(isAll = true): void {
    for (const parcel of waiting) if (isAll || !parcel.kept) outbox.put(parcel, token.owner());
  }

  function settle(): void {
    for (const resolve of settled) resolve();
    settled = [];
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function attempt(parcel: Parcel): Promise<Outcome> {
    const gathered = [...waiting]; // while the token is asked for, the user may change
    const bearer = await token.get();
    for (const one of gathered) {
      if (one.owner) continue;
      one.owner = token.owner();
      if (one.kept) outbox.put(one); // under this number, what will be sent
    }
    if (parcel.assets.length > 0) {
      try {
        await assets.ensure(parcel.assets);
        parcel.assets = [];
      } catch (error) {
        if (!(error instanceof AssetRefusedError)) throw error;
        const outcome = outcomeOf(error.status, null, parcel);
        if (typeof outcome !== 'object' || !('refused' in outcome)) return outcome;
        onError(error); // one picture will be missing: no reason to lose the events
        parcel.assets = parcel.assets.filter(({ sha256 }) => sha256 !== error.sha256);
        return 'again';
      }
    }
    while (parcel.sequence !== null && parcel.text && (await pack(parcel)));
    if (parcel.large || parcel.text.length > MAX_STREAM_BYTES / MAX_UTF8_BYTES) packNow(parcel); // a large batch is gzip
    const content = contentOf(parcel);
    if (content.length > MAX_LARGE_BYTES) return { refused: 0 };
    const answer = await (outliving.get(parcel) ?? send(parcel, content, bearer));
    return outcomeOf(answer.status, answer.headers.get('Retry-After'), parcel);
  }

  function outcomeOf(status: number, retryAfter: string | null, parcel: Parcel): Outcome {
    if ((status >= 200 && status < 300) || status === 412) return 'there';
    // 409 of a large batch: it is being written now, by a request of ours; of createRecording: it is there.
    if (status === 409) return 'there';
    if (status === 413 && parcel.sequence !== null && !parcel.large) {
      parcel.large = true;
      return 'again';
    }
    if (status === 401 && failures === 0) {
      failures = 1; // another token is asked for; the second 401 in a row waits
      return 'again';
    }
    if (status === 401 || status === 408 || status === 429 || status >= 500) {
      const seconds = parseFloat(retryAfter!); // NaN where there is none
      return { afterMs: seconds >= 0 ? seconds * 1000 : undefined, why: status };
    }
    return { refused: status };
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

  /** A `fetch` of the page's own may throw. */
  const ask = async (path: string, request: RequestInit): Promise<Response> => fetch(`${apiUrl}/recordings/${path}`, request);

  return {
    add(parcel: Parcel): void {
      waiting.push(parcel);
      if (failures) keep(false);
      void run();
    },

    /** Bytes that wait. */
    bytes: (): number => waiting.reduce((sum, parcel) => sum + bytesOf(parcel), 0),

    /** Do not wait any longer for a better moment. */
    wake(): void {
      endWait?.();
    },

    /** Resolves when nothing waits any more, or when a try has failed. */
    async settled(): Promise<void> {
      if (running) await new Promise<void>((resolve) => settled.push(resolve));
    },

    keep,

    /** The page goes: send at once what may outlive it. `keep` comes after that, so that what is kept is what was sent. */
    leave(): void {
      const bearer = token.held();
      for (const parcel of bearer ? waiting : []) {
        parcel.owner ??= token.owner(); // there is no time to ask
        // What does not fit is better compressed by who sends it.
        if (outliving.has(parcel) || parcel.assets.length || keepaliveBytes + bytesOf(parcel) > MAX_KEEPALIVE_BYTES) continue;
        if (parcel.sequence !== null && canGzip()) packNow(parcel);
        send(parcel, contentOf(parcel), bearer!).then(
          (answer) => {
            if (outcomeOf(answer.status, null, parcel) !== 'there' || !waiting.includes(parcel)) return;
            remove(parcel);
            outbox.remove(parcel);
            onDelivered(parcel);
          },
          () => undefined, // it is kept, and sent again
        );
      }
    },

    /** The user has changed. Batches whose user is certain stay kept for them; the rest is forgotten. */
    handBack(): void {
      for (const parcel of waiting) outbox[parcel.owner ? 'put' : 'remove'](parcel);
      waiting = [];
    },

    /** Send nothing any more. */
    close(): void {
      closed = true;
      endWait?.();
    },
  };
}

const contentOf = ({ body, text }: Parcel): Uint8Array<ArrayBuffer> => body ?? new TextEncoder().encode(text);

export type Delivery = ReturnType<typeof createDelivery>;

/** Twice as long each time, and never the same for all that wait for one API. */
export function backoffMs(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}

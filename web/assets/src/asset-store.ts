import { base64OfHex } from './digest';
import type { Asset } from './extract';

/** Asking whether an asset is stored, storing it, or storing it again because it is old. */
export type AssetStep = 'check' | 'store' | 'renew';

export interface AssetStoreOptions {
  readonly ask: (asset: Asset, step: AssetStep) => Promise<Response>;
  /**
   * Whether an asset that is too old for another recording is stored again.
   * @default true
   */
  readonly renews?: boolean;
  /** The assets that are known to be stored; `add` is called for each one that is found or sent. */
  readonly known?: { has(sha256: string): boolean; add(sha256: string): void };
}

/** The API did not take an asset. */
export class AssetRefusedError extends Error {
  override readonly name = 'AssetRefusedError';

  constructor(
    readonly sha256: string,
    /** HTTP's. */
    readonly status: number,
  ) {
    super(`the asset ${sha256} was refused with ${status}`);
  }
}

/** The types that `PUT /assets/{sha256}` takes; any other asset is sent as bytes. */
const STORED_TYPE = /^(font\/(otf|ttf|woff2?)|image\/(avif|gif|jpeg|png|webp))$/;

/** A new recording may refer to an asset of this age: it is kept that much longer, and a day (openapi.yaml, headAsset). */
const MAX_AGE_MS = 7 * 24 * 3600 * 1000;
/** An asset that was found young enough is checked again after this time: within that day, however short the retention. */
const KNOWN_FOR_MS = 12 * 3600 * 1000;

/** Whether an asset that was found or sent at this time, by this browser's clock, needs no check. */
export function isKnown(sinceMs: unknown): boolean {
  const forMs = Date.now() - Number(sinceMs);
  return forMs >= 0 && forMs < KNOWN_FOR_MS; // not after the clock was set back
}

/**
 * The request for a step with a user's asset.
 *
 * @param apiUrl without a trailing slash
 * @param token an ID token
 */
export function assetRequest(
  apiUrl: string,
  token: string,
  { sha256, mediaType, bytes }: Asset,
  step: AssetStep,
): readonly [url: string, request: RequestInit] {
  const headers = { Authorization: `Bearer ${token}` };
  const url = `${apiUrl}/assets/${sha256}`;
  if (step === 'check') return [url, { method: 'HEAD', headers, cache: 'no-store' }]; // a cache's answer may be outdated
  return [
    url,
    {
      method: step === 'store' ? 'PUT' : 'POST',
      body: bytes,
      headers: {
        ...headers,
        'Content-Type': STORED_TYPE.test(mediaType) ? mediaType : 'application/octet-stream',
        'x-amz-checksum-sha256': base64OfHex(sha256),
      },
    },
  ];
}

/**
 * Make a function that stores assets: each once, and again when it is too old for another recording.
 *
 * It resolves when all are stored, whichever client sent them. A known asset costs no request, a stored one a request
 * without a body. It rejects with an {@link AssetRefusedError}, or as `ask` does; another call tries again.
 */
export function createAssetStore({ ask, renews = true, known: knownBefore }: AssetStoreOptions): (assets: Iterable<Asset>) => Promise<void> {
  const known = new Map<string, { sinceMs: number; stored: Promise<void> }>();

  function ensure(asset: Asset): Promise<void> {
    const { sha256 } = asset;
    const found = known.get(sha256);
    if (found && isKnown(found.sinceMs)) return found.stored;
    if (knownBefore?.has(sha256)) return Promise.resolve();
    const stored = store(asset).then(
      () => knownBefore?.add(sha256),
      (error: unknown) => {
        known.delete(sha256);
        throw error;
      },
    );
    known.set(sha256, { sinceMs: Date.now(), stored });
    return stored;
  }

  async function store(asset: Asset): Promise<void> {
    const { sha256 } = asset;
    const found = await ask(asset, 'check');
    if (!found.ok && found.status !== 404) throw new AssetRefusedError(sha256, found.status);
    if (isCurrent(found, renews)) return;
    const answer = await ask(asset, found.ok ? 'renew' : 'store');
    // 412: it is stored. 409: another request writes it now, and only the same bytes can have this name.
    if (!answer.ok && answer.status !== 412 && answer.status !== 409) {
      throw new AssetRefusedError(sha256, answer.status);
    }
  }

  return async (assets) => void (await Promise.all(Array.from(assets, ensure)));
}

/** Whether the answer to a check says that the asset is stored, and not too old for another recording. */
export const isCurrent = ({ ok, headers }: Pick<Response, 'ok' | 'headers'>, renews: boolean): boolean =>
  ok && (!renews || ageMs(headers) <= MAX_AGE_MS);

/** By the server's clock alone; NaN, which counts as too old, where the server does not say. */
function ageMs(headers: Headers): number {
  return Date.parse(headers.get('Date')!) - Date.parse(headers.get('Last-Modified')!); // of null, too, is NaN
}

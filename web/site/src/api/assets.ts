import type { Api } from './client';
import { ProblemError } from './errors';
import { keptApi } from './keeping';
import { readUpTo } from './read-up-to';

/** Resolves with bytes by their SHA-256, `undefined` if there are none. The caller checks the digest. */
export type AssetReader = (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export interface AssetLimits {
  /** Of all assets together: the one that exceeds it and all later ones count as missing. @default no limit */
  readonly maxBytes?: number;
  /** Number of assets that are requested at most. @default no limit */
  readonly maxAssets?: number;
  /** Aborts all requests. */
  readonly signal?: AbortSignal;
}

/** Returns a reader that requests each asset once. */
export function createAssetReader(api: Api, limits: AssetLimits = {}): AssetReader {
  const { maxBytes = Infinity, maxAssets = Infinity, signal } = limits;
  const asked = new Map<string, ReturnType<AssetReader>>();
  let leftBytes = maxBytes;

  async function read(sha256: string): ReturnType<AssetReader> {
    try {
      const answer = await api(`/assets/${sha256}`, {
        headers: { Accept: 'application/octet-stream' },
        signal: signal ?? null,
      });
      const { bytes, isCut } = await readUpTo(answer, leftBytes);
      leftBytes = isCut ? 0 : Math.max(0, leftBytes - bytes.byteLength);
      return isCut ? undefined : bytes;
    } catch (error) {
      if (error instanceof ProblemError && error.status < 500 && error.status !== 429) return undefined;
      asked.delete(sha256); // the next request may succeed
      throw error;
    }
  }

  return (sha256) => {
    const known = asked.get(sha256);
    if (known) return known;
    if (asked.size >= maxAssets || leftBytes === 0) return Promise.resolve(undefined);
    const answer = read(sha256);
    asked.set(sha256, answer);
    return answer;
  };
}

/** What decides where a recording's assets lie. */
export interface Kept {
  readonly recordingId: string;
  readonly kept?: boolean;
}

/**
 * Returns a reader of the assets of a recording: those of its owner, or, if it is kept past their time, its own copies.
 *
 * @param shared reads those of the owner
 */
export function recordingAssetReader(api: Api, { recordingId, kept = false }: Kept, limits: AssetLimits = {}, shared = createAssetReader(api, limits)): AssetReader {
  if (!kept) return shared;
  const copies = createAssetReader(keptApi(api, recordingId), limits);
  return async (sha256) => (await shared(sha256)) ?? (await copies(sha256));
}

import type { Api } from './client';
import { ProblemError } from './errors';
import { readUpTo } from './read-up-to';

/** Gives bytes by their SHA-256; `undefined` for what is not there. Whoever uses them checks them. */
export type AssetReader = (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export interface AssetLimits {
  /** Of all assets together: the one that goes over it is not there, and neither are later ones. @default no limit */
  readonly maxBytes?: number;
  /** How many assets are asked for at most. @default no limit */
  readonly maxAssets?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Each asset is asked for once. */
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
      asked.delete(sha256); // it may be there the next time
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

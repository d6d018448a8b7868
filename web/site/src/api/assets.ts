import type { Api } from './client';
import { ProblemError } from './errors';

/** Bytes by their SHA-256, each asked for once; `undefined` for what is not there. Whoever uses them checks them. */
export function createAssetReader(api: Api): (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined> {
  const asked = new Map<string, Promise<Uint8Array<ArrayBuffer> | undefined>>();

  async function read(sha256: string) {
    try {
      const answer = await api(`/assets/${sha256}`, { headers: { Accept: 'application/octet-stream' } });
      return new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      if (error instanceof ProblemError && error.status < 500 && error.status !== 429) return undefined;
      asked.delete(sha256); // it may be there the next time
      throw error;
    }
  }

  return (sha256) => {
    const known = asked.get(sha256) ?? read(sha256);
    asked.set(sha256, known);
    return known;
  };
}

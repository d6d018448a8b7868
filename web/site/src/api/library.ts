import { ownerPath } from '../routing/route';
import { type AssetReader, createAssetReader } from './assets';
import type { Api } from './client';

/** The recordings of one owner: of the signed-in user, or of a site. */
export interface Library {
  /** `undefined` for the user's own recordings. */
  readonly siteId: string | undefined;
  /** Precedes each of the library's paths; also part of the key of each cached answer. */
  readonly path: string;
  /** Takes paths within the library, such as `/recordings`. */
  readonly api: Api;
  /** Bytes by their SHA-256, not yet checked. */
  readonly readAsset: AssetReader;
}

/** Returns the libraries by owner, each created once. The owner decides the API's paths and nothing else. */
export function createLibraries(api: Api): (siteId: string | undefined) => Library {
  const created = new Map<string | undefined, Library>();
  return (siteId) => {
    const known = created.get(siteId);
    if (known) return known;
    const path = ownerPath(siteId);
    const own: Api = (rest, request) => api(path + rest, request);
    const library = { siteId, path, api: own, readAsset: createAssetReader(own) };
    created.set(siteId, library);
    return library;
  };
}

import { readFrom, writeTo } from './tab-storage';

const KEY = 'rrweb-recorder-assets ';
/** Of the newest assets: about 7 kB of the tab's storage. */
const MAX_KNOWN = 100;

/**
 * Which assets are stored for this owner, as far as this tab knows: from page to page, so that nothing is asked twice.
 *
 * Where storage is forbidden or full, each page asks for itself.
 */
export function knownAssets(storage: Storage | undefined, apiUrl: string, owner: () => string | null) {
  const key = (): string => KEY + apiUrl + owner();
  const read = (): string[] => [readFrom(storage, key()) ?? []].flat() as string[];

  return {
    has: (sha256: string): boolean => read().includes(sha256),
    add: (sha256: string): void => writeTo(storage, key(), [...read(), sha256].slice(-MAX_KNOWN)),
  };
}

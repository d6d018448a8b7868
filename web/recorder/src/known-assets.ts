import { isKnown } from 'assets';
import { readFrom, writeTo } from './tab-storage';

const KEY = 'rrweb-recorder-assets ';
/** Of the newest assets: about 9 kB of the tab's storage. */
const MAX_KNOWN = 100;

/**
 * Which assets are stored for this owner, as far as this tab knows: from page to page, so that nothing is asked twice
 * within some hours.
 *
 * Where storage is forbidden or full, each page asks for itself.
 */
export function knownAssets(storage: Storage | undefined, apiUrl: string, owner: () => string | undefined) {
  const key = (): string => KEY + apiUrl + owner();
  /** Each with the time at which it was found. */
  const read = (): [string, number][] => {
    const found = readFrom(storage, key());
    return (Array.isArray(found) ? found : []).filter((one) => isKnown(one?.[1]));
  };

  return {
    has: (sha256: string): boolean => read().some(([one]) => one === sha256),
    add: (sha256: string): void => writeTo(storage, key(), [...read(), [sha256, Date.now()]].slice(-MAX_KNOWN)),
  };
}

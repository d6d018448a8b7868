import { isKnown } from 'assets';
import { readFrom, writeTo } from './tab-storage';

const KEY = 'rrweb-recorder-assets ';
/** The newest assets, which take about 9 kB of the tab's storage. */
const MAX_KNOWN = 100;

/**
 * The assets that this tab knows to be stored for this owner, kept from page to page, so that no page asks for them again
 * within twelve hours.
 *
 * Where storage is forbidden or full, each page asks again.
 */
export function knownAssets(storage: Storage | undefined, apiUrl: string, owner: () => string | undefined) {
  const key = (): string => KEY + apiUrl + owner();
  /** Hashes with the time at which each was found. */
  const read = (): [string, number][] => {
    const found = readFrom(storage, key());
    return (Array.isArray(found) ? found : []).filter((one) => isKnown(one?.[1]));
  };

  return {
    has: (sha256: string): boolean => read().some(([one]) => one === sha256),
    add: (sha256: string): void => writeTo(storage, key(), [...read(), [sha256, Date.now()]].slice(-MAX_KNOWN)),
  };
}

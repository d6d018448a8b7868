import { readFrom, writeTo } from './tab-storage';

const KEY = 'rrweb-recorder-resources';
/** The newest ones, which take about 40 kB of the tab's storage. */
const MAX_TOLD = 200;
const MAX_ADDRESS = 400;

/**
 * The addresses whose bytes this recording has named and stored, and the origins that let no page read theirs, kept from
 * page to page of the tab, so that no page tries again.
 */
export function toldResources(storage: Storage | undefined, recordingId: string) {
  const read = (): string[] => {
    const found = readFrom(storage, KEY);
    return Array.isArray(found) && found[0] === recordingId ? found.slice(1) : [];
  };
  const all = new Set(read());

  return {
    /** Whether it was told. */
    has: (address: string): boolean => all.has(address),
    add(address: string): void {
      all.add(address);
      if (address.length < MAX_ADDRESS && !address.startsWith('blob:')) writeTo(storage, KEY, [recordingId, ...[...read(), address].slice(-MAX_TOLD)]);
    },
  };
}

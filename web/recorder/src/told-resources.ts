import { readFrom, writeTo } from './tab-storage';

const KEY = 'rrweb-recorder-resources';
/** The newest ones, which take about 40 kB of the tab's storage. */
const MAX_TOLD = 200;
const MAX_ADDRESS = 400;

/**
 * The addresses whose bytes this recording has named and stored, kept from page to page of the tab, so that no page reads
 * or sends them again.
 */
export function toldResources(storage: Storage | undefined, recordingId: string) {
  const read = (): string[] => {
    const [of, ...addresses] = (readFrom(storage, KEY) ?? []) as string[];
    return of === recordingId ? addresses : [];
  };
  const before = new Set(read());

  return {
    /** Whether an earlier page has told it. */
    has: (address: string): boolean => before.has(address),
    add(address: string): void {
      if (address.length < MAX_ADDRESS && !address.startsWith('blob:')) writeTo(storage, KEY, [recordingId, ...[...read(), address].slice(-MAX_TOLD)]);
    },
  };
}

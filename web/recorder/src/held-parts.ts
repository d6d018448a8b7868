import type { Parcel } from './parcel';
import { createTabDatabase, result } from './tab-database';

/**
 * Apart from the outbox, whose content any page of the site sends, also one with the script of an earlier release.
 */
const DATABASE = 'rrweb-recorder-buffer';
const STORE = 'parts';
const AGE = 'heldAtMs';
/** What a tab has kept is deleted when nothing was added for this time and the tab is gone. */
export const MAX_HELD_MS = 3_600_000;

/** The parts of buffers in the page's own IndexedDB, each under its recording and number. */
export function createHeldParts(factory: IDBFactory | undefined, onError: (error: unknown) => void) {
  const { open, inStore, close } = createTabDatabase(
    DATABASE,
    (database) => {
      const store = database.createObjectStore(STORE, { keyPath: ['recordingId', 'sequence'] });
      store.createIndex(AGE, AGE);
      return store;
    },
    factory,
    onError,
  );
  const of = (recordingId: string): IDBKeyRange => IDBKeyRange.bound([recordingId], [recordingId, []]); // an array is above any number
  const remove = (keys: IDBValidKey | IDBKeyRange): void => void inStore('readwrite', (store) => store.delete(keys));

  return {
    open,
    /** Does not wait, since the page may be closing. */
    put(part: Parcel): void {
      inStore('readwrite', (store) => store.put({ ...part, [AGE]: Date.now() }));
      part.kept = STORE;
    },
    remove: ({ recordingId, sequence }: Parcel): void => remove([recordingId, sequence!]),
    /** The parts of a recording, the oldest first. */
    async read(recordingId: string): Promise<Parcel[]> {
      await open();
      const found = inStore<Parcel[]>('readonly', (store) => store.getAll(of(recordingId)));
      return found ? result(found) : [];
    },
    clear: (recordingId: string): void => remove(of(recordingId)),
    /** Delete what tabs have kept that will not come back. */
    async clean(isAlive: (recordingId: string) => boolean | undefined): Promise<void> {
      await open();
      const old = inStore<IDBValidKey[]>('readonly', (store) => store.index(AGE).getAllKeys(IDBKeyRange.upperBound(Date.now() - MAX_HELD_MS)));
      for (const key of old ? await result(old) : []) if (!isAlive((key as [string])[0])) remove(key);
    },
    close,
  };
}

export type HeldParts = ReturnType<typeof createHeldParts>;

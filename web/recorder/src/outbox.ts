import type { Parcel } from './parcel';

const DATABASE = 'rrweb-recorder';
const STORE = 'parcels';
/** What no page of the site could send for so long is not sent any more. */
export const MAX_AGE_MS = 7 * 24 * 3600 * 1000;
/** Where there are no locks: a batch that a page still wrote to is left alone for so long. */
export const OPEN_FOR_MS = 5 * 60 * 1000;
/** The next page of the tab may go on with a batch for so long, and any other page send it after twice that time. */
export const HANDED_OVER_FOR_MS = 10_000;

/**
 * As it lies in IndexedDB, under `key`. What earlier versions kept has either `text` or `body`, which may be null, and
 * perhaps no owner.
 */
interface Kept extends Parcel {
  key: string;
  apiUrl: string;
  open: Open;
  keptAtMs: number;
}

/** Whether more events will come under the sequence: of this page, or else of the next one of its tab. */
type Open = boolean | 'next';

export interface LeftBehind extends Parcel {
  open: Open;
  /** More events may come under the sequence: nobody else sends it. */
  goesOn: boolean;
}

export interface Outbox {
  /**
   * Keep it for its owner, or else for the current user; not if neither is known.
   *
   * Does not wait: it is called while the page goes. False if nothing can be kept, as far as is known by now.
   */
  put(parcel: Parcel, owner?: string, open?: Open): boolean;
  remove(parcel: Parcel): void;
  /** What pages that are gone have left behind for this owner, or have just handed over to `recordingId`. */
  leftBehind(
    owner: string | undefined,
    recordingId: string,
    isAlive: (recordingId: string) => boolean | undefined,
  ): Promise<LeftBehind[]>;
  close(): void;
}

/** The site's own IndexedDB. Where it is forbidden or full, nothing is kept and `onError` is told once. */
export function openOutbox(apiUrl: string, factory: IDBFactory | undefined, onError: (error: unknown) => void): Outbox {
  let database: IDBDatabase | undefined;
  let told = false;
  const opened = open().catch(failed);

  function failed(error: unknown): void {
    if (told) return;
    told = true;
    onError(error);
  }

  async function open(): Promise<void> {
    if (!factory) return;
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: 'key' });
    database = await result(request);
    database.onversionchange = () => database?.close(); // another tab deletes it: a guest does not stand in the way
  }

  function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): IDBRequest<T> | undefined {
    try {
      const transaction = database?.transaction(STORE, mode);
      if (!transaction) return undefined;
      transaction.onabort = () => failed(transaction.error);
      const request = work(transaction.objectStore(STORE));
      if (mode === 'readwrite') transaction.commit(); // now: a page that goes gives no later chance
      return request;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  return {
    put(parcel, owner, open = false) {
      owner = parcel.owner ?? owner;
      if (!owner) return false;
      const key = parcel.kept || `${apiUrl} ${owner} ${parcel.recordingId} ${parcel.sequence ?? 'create'}`;
      const kept: Kept = { ...parcel, key, apiUrl, owner, open, keptAtMs: Date.now() };
      const isKept = !!inStore('readwrite', (store) => store.put(kept)) && !told;
      if (isKept) parcel.kept = key;
      return isKept;
    },
    remove(parcel) {
      if (parcel.kept) inStore('readwrite', (store) => store.delete(parcel.kept!));
    },
    async leftBehind(owner, recordingId, isAlive) {
      await opened;
      const request = inStore<Kept[]>('readonly', (store) => store.getAll());
      const all = request ? await result(request) : [];
      const found: LeftBehind[] = [];
      for (const kept of all) {
        const ageMs = Date.now() - kept.keptAtMs;
        if (!kept.owner || ageMs > MAX_AGE_MS) inStore('readwrite', (store) => store.delete(kept.key));
        else if (kept.apiUrl === apiUrl && kept.owner === owner) {
          const { open } = kept;
          const isNext = open === 'next';
          const isOurs = kept.recordingId === recordingId;
          const alive = isNext ? !isOurs && ageMs < 2 * HANDED_OVER_FOR_MS : (isAlive(kept.recordingId) ?? ageMs < OPEN_FOR_MS);
          if (!open || !alive) found.push({ ...kept, kept: kept.key, goesOn: isNext && isOurs && ageMs < HANDED_OVER_FOR_MS });
        }
      }
      return found.sort((a, b) => (a.sequence ?? -1) - (b.sequence ?? -1));
    },
    close() {
      void opened.then(() => {
        database?.close();
        database = undefined;
      });
    },
  };
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

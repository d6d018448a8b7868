import type { Parcel } from './parcel';

const DATABASE = 'rrweb-recorder';
const STORE = 'parcels';
/** A batch that no page of the site could send within this time is deleted. */
export const MAX_AGE_MS = 7 * 24 * 3600 * 1000;
/** Where there are no locks, an open batch is left to its page for this time. */
export const OPEN_FOR_MS = 5 * 60 * 1000;
/** The next page of the tab may continue a batch within this time; any other page sends it after twice that time. */
export const HAND_OVER_MS = 10_000;

/**
 * A parcel in IndexedDB, under `key`. One of an earlier version has either `text` or `body`, which may be null, and may
 * have no owner.
 */
interface Kept extends Parcel {
  key: string;
  apiUrl: string;
  open: Open;
  keptAtMs: number;
}

/** Whether more events will come under the sequence, from this page (true) or from the next one of its tab. */
type Open = boolean | 'next';

export interface LeftBehind extends Parcel {
  open: Open;
  /** This page may add events to it: no other page sends it. */
  resumes: boolean;
}

export interface Outbox {
  /** Use the browser's storage from now on. */
  open(): void;
  /**
   * Keep a parcel for its owner, or else for the current one; not if neither is known.
   *
   * Does not wait, since the page may be closing. False if the parcel cannot be kept, as far as is known by now; for the
   * next page also while nothing of this one is stored for certain.
   */
  put(parcel: Parcel, owner?: string, open?: Open): boolean;
  remove(parcel: Parcel): void;
  /**
   * The parcels that pages that are gone left behind for these owners, or have just handed over to `recordingId`; no parcel
   * that this page keeps, unless it has handed it over.
   */
  leftBehind(
    sendsFor: (owner: string) => boolean,
    recordingId: string,
    isAlive: (recordingId: string) => boolean | undefined,
  ): Promise<LeftBehind[]>;
  close(): void;
}

/**
 * Parcels in the page's own IndexedDB. Where it is forbidden or full, nothing is kept and `onError` is called once.
 *
 * @param apiUrl the destination's
 * @param name of another database one, for what no other page sends; scripts of earlier releases send all that is in the first
 */
export function createOutbox(
  apiUrl: string,
  factory: IDBFactory | undefined,
  onError: (error: unknown) => void,
  name = DATABASE,
  maxAgeMs = MAX_AGE_MS,
): Outbox {
  let database: IDBDatabase | undefined;
  let hasFailed = false;
  let hasStored = false;
  /** What this page keeps and sends itself: the search for others' parcels may come later. */
  const own = new Set<string>();
  let opened: Promise<void> | undefined;

  function failed(error: unknown): void {
    if (hasFailed) return;
    hasFailed = true;
    onError(error);
  }

  async function open(): Promise<void> {
    if (!factory) return;
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: 'key' });
    database = await result(request);
    database.onversionchange = () => database?.close(); // another tab deletes it: a guest must not block that
  }

  function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): IDBRequest<T> | undefined {
    try {
      const transaction = database?.transaction(STORE, mode);
      if (!transaction) return undefined;
      transaction.onabort = () => failed(transaction.error);
      const request = work(transaction.objectStore(STORE));
      if (mode === 'readwrite') transaction.commit?.(); // now: a closing page leaves no later chance
      return request;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  return {
    open: () => void (opened ??= open().catch(failed)),
    put(parcel, owner, open = false) {
      owner = parcel.owner ?? owner;
      if (!owner || (open === 'next' && !hasStored)) return false;
      const key = parcel.kept || `${apiUrl} ${owner} ${parcel.recordingId} ${parcel.sequence ?? 'create'}`;
      const kept: Kept = { ...parcel, key, apiUrl, owner, open, keptAtMs: Date.now() };
      if (open === 'next') own.delete(key);
      else own.add(key);
      const request = inStore('readwrite', (store) => store.put(kept));
      if (request) request.transaction!.oncomplete = () => (hasStored = true);
      const isKept = !!request && !hasFailed;
      if (isKept) parcel.kept = key;
      return isKept;
    },
    remove(parcel) {
      if (parcel.kept) inStore('readwrite', (store) => store.delete(parcel.kept!));
    },
    async leftBehind(sendsFor, recordingId, isAlive) {
      await opened;
      const request = inStore<Kept[]>('readonly', (store) => store.getAll());
      const all = request ? await result(request) : [];
      const found: LeftBehind[] = [];
      for (const kept of all) {
        if (own.has(kept.key)) continue;
        const ageMs = Date.now() - kept.keptAtMs;
        if (!kept.owner || (ageMs > maxAgeMs && !isAlive(kept.recordingId))) inStore('readwrite', (store) => store.delete(kept.key));
        else if (kept.apiUrl === apiUrl && sendsFor(kept.owner)) {
          const { open } = kept;
          const isNext = open === 'next';
          const isOurs = kept.recordingId === recordingId;
          const alive = isNext ? !isOurs && ageMs < 2 * HAND_OVER_MS : (isAlive(kept.recordingId) ?? ageMs < OPEN_FOR_MS);
          if (!open || !alive) found.push({ ...kept, kept: kept.key, resumes: isNext && isOurs && ageMs < HAND_OVER_MS });
        }
      }
      return found.sort((a, b) => (a.sequence ?? -1) - (b.sequence ?? -1));
    },
    close() {
      void opened?.then(() => {
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

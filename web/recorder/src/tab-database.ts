/**
 * A database with one store in the page's own IndexedDB. Where it is forbidden or full, nothing is kept and `onError` is
 * called once.
 */
export function createTabDatabase(name: string, makeStore: (database: IDBDatabase) => IDBObjectStore, factory: IDBFactory | undefined, onError: (error: unknown) => void) {
  let database: IDBDatabase | undefined;
  let storeName = '';
  let hasFailed = false;
  let opened: Promise<void> | undefined;

  function failed(error: unknown): void {
    if (hasFailed) return;
    hasFailed = true;
    onError(error);
  }

  async function open(): Promise<void> {
    if (!factory) return;
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => void makeStore(request.result);
    database = await result(request);
    storeName = database.objectStoreNames[0]!;
    database.onversionchange = () => database?.close(); // another tab deletes it: a guest must not block that
  }

  return {
    /** Use the browser's storage from now on. Resolves when that is possible, or known not to be. */
    open: (): Promise<void> => (opened ??= open().catch(failed)),
    /** Undefined if nothing can be stored. */
    inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): IDBRequest<T> | undefined {
      try {
        const transaction = database?.transaction(storeName, mode);
        if (!transaction) return undefined;
        transaction.onabort = () => failed(transaction.error);
        const request = work(transaction.objectStore(storeName));
        if (mode === 'readwrite') transaction.commit?.(); // now: a closing page leaves no later chance
        return request;
      } catch (error) {
        failed(error);
        return undefined;
      }
    },
    hasFailed: (): boolean => hasFailed,
    close(): void {
      void opened?.then(() => {
        database?.close();
        database = undefined;
      });
    },
  };
}

export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Reading the property throws where storage is forbidden. */
export function storageOf<K extends 'sessionStorage' | 'localStorage' | 'indexedDB'>(name: K): Window[K] | undefined {
  try {
    return window[name] ?? undefined;
  } catch {
    return undefined;
  }
}

/** The value under a key; `undefined` if there is none, it is not JSON, or storage is forbidden. */
export function readFrom(storage: Storage | undefined, key: string): unknown {
  try {
    return JSON.parse(storage!.getItem(key)!) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Store a value for the next page, unless storage is forbidden or full. */
export function writeTo(storage: Storage | undefined, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // forbidden or full
  }
}

/** A small value of JSON in a storage of the browser, by a key. */
export interface Kept<T> {
  readonly get: (key: string) => T | undefined;
  readonly set: (key: string, value: T) => void;
}

/**
 * Values in the browser's or the tab's storage. What another release or a person has written there, and is not valid, is
 * not there. Where the storage is full or forbidden, values live as long as this page.
 */
export function createKept<T>(storage: () => Storage, prefix: string, isValid: (value: unknown) => value is T): Kept<T> {
  const unstored = new Map<string, T>();
  return {
    get: (key) => {
      if (unstored.has(key)) return unstored.get(key);
      try {
        const value: unknown = JSON.parse(storage().getItem(prefix + key) ?? 'null');
        return isValid(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    set: (key, value) => {
      try {
        storage().setItem(prefix + key, JSON.stringify(value));
        unstored.delete(key);
      } catch {
        unstored.set(key, value);
      }
    },
  };
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** What lies under a key; `undefined` if nothing does, or nothing of ours, or storage is forbidden. */
export function readFrom(storage: Storage | undefined, key: string): unknown {
  try {
    return JSON.parse(storage!.getItem(key)!) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Where storage is forbidden or full, the next page knows nothing of it. */
export function writeTo(storage: Storage | undefined, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // forbidden or full
  }
}

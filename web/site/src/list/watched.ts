import { createKept, isTexts } from '../kept';

/** The recordings that this browser's user has opened, oldest first. Ids are unique, so it is the same list for all owners. */
const watched = createKept(() => localStorage, 'rrweb-store:', isTexts);
const KEY = 'watched';
/** Protects the storage, and the time to look through it. */
const MAX_WATCHED = 5_000;

/** Marks a recording as watched. */
export function markWatched(recordingId: string): void {
  const others = (watched.get(KEY) ?? []).filter((one) => one !== recordingId);
  watched.set(KEY, [...others, recordingId].slice(-MAX_WATCHED));
}

/** The recordings that have been watched, as of now. */
export function watchedIds(): ReadonlySet<string> {
  return new Set(watched.get(KEY));
}

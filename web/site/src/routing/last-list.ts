/** The recordings of each owner's list as it was shown last in this tab, in its order. It survives a reload. */

const KEY = 'rrweb-store:last-list:';
/** Protects the tab's storage, of which a browser gives about 5 million characters. */
const MAX_REMEMBERED = 5_000;
/** For a tab that may store nothing. */
const remembered = new Map<string | undefined, readonly string[]>();

export interface Neighbours {
  /** The one above in the list. */
  readonly previous?: string;
  /** The one below. */
  readonly next?: string;
}

/** Remembers which recordings an owner's list shows, in the order in which it shows them. */
export function rememberList(siteId: string | undefined, recordingIds: readonly string[]): void {
  const kept = recordingIds.slice(0, MAX_REMEMBERED);
  remembered.set(siteId, kept);
  try {
    sessionStorage.setItem(keyOf(siteId), JSON.stringify(kept));
  } catch {
    // full or forbidden: a reload forgets the list
  }
}

/** The recordings beside this one in the list that was shown last; none if it was not in it. */
export function neighboursOf(siteId: string | undefined, recordingId: string): Neighbours {
  const list = remembered.get(siteId) ?? stored(siteId);
  const at = list.indexOf(recordingId);
  if (at < 0) return {};
  const [previous, next] = [list[at - 1], list[at + 1]];
  return { ...(previous === undefined ? {} : { previous }), ...(next === undefined ? {} : { next }) };
}

function keyOf(siteId: string | undefined): string {
  return KEY + (siteId ?? '');
}

function stored(siteId: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(keyOf(siteId)) ?? '[]');
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? (value as string[]) : [];
  } catch {
    return [];
  }
}

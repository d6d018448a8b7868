import { createKept, isTexts } from '../kept';

/** The recordings of each owner's list as it was shown last in this tab, in its order. */
const lists = createKept(() => sessionStorage, 'rrweb-store:last-list:', isTexts);
/** Protects the tab's storage, of which a browser gives about 5 million characters. */
const MAX_REMEMBERED = 5_000;

export interface Neighbours {
  /** The one above in the list. */
  readonly previous?: string;
  /** The one below. */
  readonly next?: string;
}

/** Remembers which recordings an owner's list shows, in the order in which it shows them. */
export function rememberList(siteId: string | undefined, recordingIds: readonly string[]): void {
  lists.set(siteId ?? '', recordingIds.slice(0, MAX_REMEMBERED));
}

/** The recordings beside this one in the list that was shown last; none if it was not in it. */
export function neighboursOf(siteId: string | undefined, recordingId: string): Neighbours {
  const list = lists.get(siteId ?? '') ?? [];
  const at = list.indexOf(recordingId);
  if (at < 0) return {};
  const [previous, next] = [list[at - 1], list[at + 1]];
  return { ...(previous === undefined ? {} : { previous }), ...(next === undefined ? {} : { next }) };
}

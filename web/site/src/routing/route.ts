import { type ListView, listViewOf } from './list-view';
import { momentOf, momentText } from './moment-text';

/** Whose recordings: those of the site, or the user's own without one. */
interface Owned {
  readonly siteId: string | undefined;
}

export type Route =
  | ({ readonly page: 'recordings'; readonly view: ListView } & Owned)
  | ({ readonly page: 'recording'; readonly recordingId: string; readonly atMs: number | undefined } & Owned)
  | { readonly page: 'playground' }
  | { readonly page: 'set-up' }
  | { readonly page: 'relay' }
  | { readonly page: 'signed-in' }
  | { readonly page: 'unknown' };

/** A list or a recording, of the site that stands in front of it or of the user. */
const OWNED = /^(?:\/sites\/([a-z][a-z0-9-]{0,30}))?(?:\/recordings(?:\/([A-Za-z0-9_-]{1,64}))?)?\/*$/;

/** The page that a URL of this site names. */
export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  const owned = OWNED.exec(pathname);
  if (owned) {
    const [, siteId, recordingId] = owned;
    if (recordingId === undefined) return { page: 'recordings', siteId, view: listViewOf(search) };
    return { page: 'recording', siteId, recordingId, atMs: momentOf(new URLSearchParams(search).get('t') ?? '') };
  }
  switch (pathname.replace(/\/+$/, '')) {
    case '/playground':
      return { page: 'playground' };
    case '/set-up':
      return { page: 'set-up' };
    case '/relay':
      return { page: 'relay' };
    case '/signed-in':
      return { page: 'signed-in' };
    default:
      return { page: 'unknown' };
  }
}

/** What precedes the paths of an owner's recordings, in this site and in the API. */
export function ownerPath(siteId: string | undefined): string {
  return siteId === undefined ? '' : `/sites/${siteId}`;
}

/** The path of an owner's list. */
export function recordingsPath(siteId: string | undefined): string {
  return ownerPath(siteId) || '/';
}

/** The path and query of a moment of an owner's recording. */
export function recordingPath(siteId: string | undefined, recordingId: string, atMs?: number): string {
  const path = `${ownerPath(siteId)}/recordings/${recordingId}`;
  return atMs === undefined ? path : `${path}?t=${momentText(atMs)}`;
}

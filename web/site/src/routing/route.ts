export type Route =
  | { readonly page: 'recordings' }
  | { readonly page: 'recording'; readonly recordingId: string; readonly atMs: number | undefined }
  | { readonly page: 'playground' }
  | { readonly page: 'set-up' }
  | { readonly page: 'relay' }
  | { readonly page: 'signed-in' }
  | { readonly page: 'unknown' };

/** The page that a URL of this site names. */
export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  const recording = /^\/recordings\/([A-Za-z0-9_-]{1,64})\/?$/.exec(pathname);
  if (recording) return { page: 'recording', recordingId: recording[1]!, atMs: momentOf(search) };
  switch (pathname.replace(/\/+$/, '')) {
    case '':
    case '/recordings':
      return { page: 'recordings' };
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

/** `?t=75` and `?t=75.5`, in seconds, as milliseconds. */
function momentOf(search: string): number | undefined {
  const t = new URLSearchParams(search).get('t');
  return t !== null && /^\d{1,7}(\.\d{1,3})?$/.test(t) ? Math.round(Number(t) * 1000) : undefined;
}

/** The path and query of a moment of a recording. */
export function recordingPath(recordingId: string, atMs?: number): string {
  const path = `/recordings/${recordingId}`;
  return atMs === undefined ? path : `${path}?t=${Math.floor(atMs / 100) / 10}`;
}

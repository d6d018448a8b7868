import type { Sites, WatchedSite } from 'contract';
import type { Api } from './client';

/** The sites that the user's token may watch, by name. */
export async function listSites(api: Api, signal: AbortSignal): Promise<readonly WatchedSite[]> {
  const { sites } = (await (await api('/sites', { signal })).json()) as Sites;
  return [...sites].sort((a, b) => (a.siteId < b.siteId ? -1 : 1));
}

import { useSyncExternalStore } from 'react';
import type { Filters } from '../api/find-recordings';
import { filtersOf } from './filters';
import { type Route, recordingsPath, routeOf } from './route';

const listeners = new Set<() => void>();
let shown = '';
let route: Route = { page: 'unknown' };
/** The query of each owner's list as it was shown last. */
const lists = new Map<string | undefined, string>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

function current(): Route {
  const { pathname, search } = location;
  if (pathname + search !== shown) {
    shown = pathname + search;
    route = routeOf(location);
    if (route.page === 'recordings') lists.set(route.siteId, search);
  }
  return route;
}

/** The path of an owner's list, with the filters that it had last in this tab. */
export function lastListPath(siteId: string | undefined): string {
  return recordingsPath(siteId) + (lists.get(siteId) ?? '');
}

/** The filters that an owner's list had last in this tab. */
export function lastFilters(siteId: string | undefined): Filters {
  return filtersOf(lists.get(siteId) ?? '');
}

/** The page to show, which changes with the address bar. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

/** Gives the page that is shown another address, such as the moment that it shows. The history gets no entry. */
export function changeAddress(path: string): void {
  history.replaceState(history.state, '', path);
}

/** Goes to another page of this site without reloading. */
export function goTo(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  if (!replace) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

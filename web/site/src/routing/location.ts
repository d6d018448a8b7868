import { useSyncExternalStore } from 'react';
import type { Filters } from '../api/recordings';
import { createKept } from '../kept';
import { askedOf, listViewOf } from './list-view';
import { type Route, recordingsPath, routeOf } from './route';

const listeners = new Set<() => void>();
let shown = '';
let route: Route = { page: 'unknown' };
/** The query of each owner's list as it was shown last in this tab. */
const lists = createKept(() => sessionStorage, 'rrweb-store:last-list-query:', (value) => typeof value === 'string');
/** Whether the shown page is one that was shown before: by Back or Forward, a reload, or the way back from a recording. */
let isReturn = isReload();

function isReload(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation !== undefined && navigation.type !== 'navigate';
}

function subscribe(listener: () => void): () => void {
  function onPop(): void {
    isReturn = true;
    listener();
  }
  listeners.add(listener);
  addEventListener('popstate', onPop);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', onPop);
  };
}

function current(): Route {
  const { pathname, search } = location;
  if (pathname + search !== shown) {
    shown = pathname + search;
    route = routeOf(location);
    if (route.page === 'recordings') lists.set(route.siteId ?? '', search);
  }
  return route;
}

/** The path of an owner's list, with the filters that it had last in this tab. */
export function lastListPath(siteId: string | undefined): string {
  return recordingsPath(siteId) + (lists.get(siteId ?? '') ?? '');
}

/** Whether the shown page is where the user has been before, so it is to be as it was left. */
export function isReturning(): boolean {
  return isReturn;
}

/** The filters that an owner's list had last in this tab, as the API was asked for them. */
export function lastFilters(siteId: string | undefined): Filters {
  return askedOf(listViewOf(lists.get(siteId ?? '') ?? ''), Date.now());
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
  const from = current();
  isReturn = from.page === 'recording' && path === lastListPath(from.siteId);
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  if (!replace) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

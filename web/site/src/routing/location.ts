import { useSyncExternalStore } from 'react';
import { createKept } from '../kept';
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

/** The page to show, which changes with the address bar. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
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

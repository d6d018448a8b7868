import { useSyncExternalStore } from 'react';
import { type Route, routeOf } from './route';

const listeners = new Set<() => void>();
let shown = '';
let route: Route = { page: 'unknown' };

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
  }
  return route;
}

/** The page to show, which changes with the address bar. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

/** Goes to another page of this site without reloading. */
export function goTo(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  if (!replace) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

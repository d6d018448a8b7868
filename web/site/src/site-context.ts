import { createContext, use, useSyncExternalStore } from 'react';
import type { Api } from './api/client';
import type { Library } from './api/library';
import type { Session, SessionState } from './auth/session';
import type { SiteConfig } from './config';

export interface Site {
  readonly config: SiteConfig;
  readonly session: Session;
  readonly api: Api;
  /** The recordings of a site; without an id, the user's own. */
  readonly libraryOf: (siteId: string | undefined) => Library;
}

export const SiteContext = createContext<Site | undefined>(undefined);

export function useSite(): Site {
  const site = use(SiteContext);
  if (!site) throw new Error('useSite needs a SiteContext around it');
  return site;
}

export const LibraryContext = createContext<Library | undefined>(undefined);

/** The library that the address names; the user's own on a page that names none. */
export function useLibrary(): Library {
  const library = use(LibraryContext);
  return library ?? useSite().libraryOf(undefined);
}

export function useSessionState(): SessionState {
  const { session } = useSite();
  return useSyncExternalStore(session.subscribe, session.state);
}

import { createContext, use, useSyncExternalStore } from 'react';
import type { Api } from './api/client';
import type { Session, SessionState } from './auth/session';
import type { SiteConfig } from './config';

export interface Site {
  readonly config: SiteConfig;
  readonly session: Session;
  readonly api: Api;
  /** Bytes by their SHA-256, not yet checked. */
  readonly readAsset: (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
}

export const SiteContext = createContext<Site | undefined>(undefined);

export function useSite(): Site {
  const site = use(SiteContext);
  if (!site) throw new Error('useSite needs a SiteContext around it');
  return site;
}

export function useSessionState(): SessionState {
  const { session } = useSite();
  return useSyncExternalStore(session.subscribe, session.state);
}

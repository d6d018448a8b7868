import { UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import { SessionEndedError, UnreachableError } from '../api/errors';
import type { SiteConfig } from '../config';

export type SessionState =
  | { readonly phase: 'signed-out' }
  | { readonly phase: 'signed-in'; readonly email: string }
  /** It was signed in, and only signing in again helps. */
  | { readonly phase: 'ended' };

export interface Session {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** An ID token that is good for a while yet. Rejects with `SessionEndedError` or `UnreachableError`. */
  readonly getToken: (options?: { renew: boolean }) => Promise<string>;
  /** Leaves for the managed login, which comes back to `/signed-in` and from there to `returnTo`. */
  readonly signIn: (returnTo: string) => Promise<void>;
  /** Ends what `signIn` began; gives where to go on. */
  readonly finishSignIn: (url: string) => Promise<string>;
  /** Forgets all tokens, takes back the one that renews, and leaves for the managed login's own sign-out. */
  readonly signOut: () => Promise<void>;
}

/** A token this near its end is renewed before it is used. */
const RENEW_BEFORE_S = 60;

/**
 * Whoever is signed in, by authorization code and PKCE. Tokens lie in the tab's `sessionStorage`: they outlive a
 * reload, and end with the tab.
 */
export async function createSession(config: SiteConfig, storage: Storage = sessionStorage): Promise<Session> {
  const manager = new UserManager({
    authority: config.issuerUrl,
    client_id: config.userPoolClientId,
    redirect_uri: `${config.siteUrl}/signed-in`,
    scope: 'openid email',
    // Given, not discovered: a request less, and no origin more in the policy.
    metadata: {
      issuer: config.issuerUrl,
      authorization_endpoint: `${config.signInUrl}/oauth2/authorize`,
      token_endpoint: `${config.signInUrl}/oauth2/token`,
      revocation_endpoint: `${config.signInUrl}/oauth2/revoke`,
    },
    userStore: new WebStorageStateStore({ store: storage }),
    stateStore: new WebStorageStateStore({ store: storage }),
    automaticSilentRenew: false, // `getToken` renews what it needs
    monitorSession: false,
    loadUserInfo: false,
  });
  const listeners = new Set<() => void>();
  let user: User | null = await manager.getUser();
  let state: SessionState = stateOf(user);
  let renewing: Promise<User> | undefined;

  function become(next: User | null, phase: SessionState): void {
    user = next;
    state = phase;
    for (const listener of listeners) listener();
  }

  async function renewed(): Promise<User> {
    try {
      if (!user?.refresh_token) throw new Error('there is nothing to renew the session by');
      const next = await manager.signinSilent();
      if (!next?.id_token) throw new Error('the pool gave no ID token');
      become(next, stateOf(next));
      return next;
    } catch (cause) {
      if (cause instanceof TypeError) throw new UnreachableError('the sign-in could not be reached', { cause });
      await manager.removeUser();
      if (state.phase === 'signed-in') become(null, { phase: 'ended' });
      throw new SessionEndedError('the session has ended', { cause });
    } finally {
      renewing = undefined;
    }
  }

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getToken: async ({ renew } = { renew: false }) => {
      const good = !renew && user?.id_token && (user.expires_in ?? 0) > RENEW_BEFORE_S;
      const current = good ? user! : await (renewing ??= renewed());
      return current.id_token!;
    },
    signIn: (returnTo) => manager.signinRedirect({ state: { returnTo } }),
    finishSignIn: async (url) => {
      const next = await manager.signinCallback(url);
      if (!next?.id_token) throw new Error('the pool gave no ID token');
      become(next, stateOf(next));
      const { returnTo } = (next.state ?? {}) as { returnTo?: unknown };
      // Of this site only: what follows the host, and no second slash, which would name another.
      return typeof returnTo === 'string' && /^\/(?![/\\])/.test(returnTo) ? returnTo : '/';
    },
    signOut: async () => {
      await manager.revokeTokens(['refresh_token']).catch(() => {}); // it ends by itself, later
      await manager.removeUser();
      become(null, { phase: 'signed-out' });
      const query = new URLSearchParams({ client_id: config.userPoolClientId, logout_uri: `${config.siteUrl}/` });
      location.assign(`${config.signInUrl}/logout?${query}`);
    },
  };
}

function stateOf(user: User | null): SessionState {
  if (!user?.id_token) return { phase: 'signed-out' };
  const { email } = user.profile;
  return { phase: 'signed-in', email: typeof email === 'string' ? email : 'Signed in' };
}

import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import { SessionEndedError, UnreachableError } from '../api/errors';
import type { SiteConfig } from '../config';

export type SessionState =
  | { readonly phase: 'signed-out' }
  | { readonly phase: 'signed-in'; readonly email: string }
  /** The user was signed in and has to sign in again. */
  | { readonly phase: 'ended' };

export interface Session {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * A valid ID token; with `renew`, a new one. Rejects with `SessionEndedError`, or with `UnreachableError` when the
   * token endpoint cannot renew it now: a later call may.
   */
  readonly getToken: (options?: { renew: boolean }) => Promise<string>;
  /** Goes to the managed login, which returns to `/signed-in` and from there to `returnTo`. */
  readonly signIn: (returnTo: string) => Promise<void>;
  /**
   * Whether the managed login may know the browser's user, so that `signIn` needs no press: another tab has signed in, and
   * none has signed out. True once for each tab, or the way back from the login would lead to it again.
   */
  readonly takeKnownUser: () => boolean;
  /** Completes `signIn` with the URL that the login returned to; resolves with the path to continue at. */
  readonly finishSignIn: (url: string) => Promise<string>;
  /**
   * Revokes the refresh token, forgets all tokens, and goes to the managed login's sign-out, which returns to `/`. With
   * `returnTo`, the next `takeReturnPath` of this tab resolves to that path.
   */
  readonly signOut: (returnTo?: string) => Promise<void>;
  /** The path that was left by signing out, if the next user of this tab shall return to it. The second call has none. */
  readonly takeReturnPath: () => string | undefined;
}

/** The storage's name of the path to return to. The managed login returns from a sign-out to fixed addresses only. */
const RETURN_TO = 'return-to';

/** The browser's storage says by this name that its user has signed in; each tab, that it has been asked. */
const KNOWN = 'signed-in-here';

/** A token this close to its expiry is renewed before it is used. */
const RENEW_BEFORE_S = 60;

/** A token endpoint's errors that no retry can mend: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const FINAL_ERRORS: ReadonlySet<string | null> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/** Renewing cannot work, now or later. */
class CannotRenewError extends Error {
  override readonly name = 'CannotRenewError';
}

/**
 * The signed-in user, by authorization code and PKCE. Tokens are kept in the tab's `sessionStorage`: they survive a
 * reload and end with the tab. A new tab signs in anew, without a press where the managed login still knows the user.
 */
export async function createSession(
  config: SiteConfig,
  storage: Storage = sessionStorage,
  browserStorage: Storage = localStorage,
): Promise<Session> {
  const manager = new UserManager({
    authority: config.issuerUrl,
    client_id: config.userPoolClientId,
    redirect_uri: `${config.siteUrl}/signed-in`,
    scope: 'openid email',
    // Set here instead of discovered: saves a request, and an origin in the policy.
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

  async function renewUser(): Promise<User> {
    try {
      if (!user?.refresh_token) throw new CannotRenewError('the session has no refresh token');
      const next = await manager.signinSilent();
      if (!next?.id_token) throw new CannotRenewError('the pool returned no ID token');
      become(next, stateOf(next));
      return next;
    } catch (cause) {
      const isFinal = cause instanceof CannotRenewError || (cause instanceof ErrorResponse && FINAL_ERRORS.has(cause.error));
      // No network, a timeout, a busy or broken endpoint: the session stays, and the next call tries again.
      if (!isFinal) throw new UnreachableError('the session could not be renewed', { cause });
      await manager.removeUser();
      browserStorage.removeItem(KNOWN);
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
      const current = user;
      const leftS = (!renew && current?.id_token && current.expires_in) || 0;
      if (leftS > RENEW_BEFORE_S) return current!.id_token!;
      try {
        return (await (renewing ??= renewUser())).id_token!;
      } catch (error) {
        if (error instanceof UnreachableError && leftS > 0) return current!.id_token!;
        throw error;
      }
    },
    signIn: (returnTo) => manager.signinRedirect({ state: { returnTo } }),
    takeKnownUser: () => {
      if (state.phase !== 'signed-out' || browserStorage.getItem(KNOWN) === null || storage.getItem(KNOWN) !== null) return false;
      storage.setItem(KNOWN, '');
      return true;
    },
    finishSignIn: async (url) => {
      const next = await manager.signinCallback(url);
      if (!next?.id_token) throw new Error('the pool returned no ID token');
      become(next, stateOf(next));
      browserStorage.setItem(KNOWN, '');
      const { returnTo } = (next.state ?? {}) as { returnTo?: unknown };
      // A path of this site only: a second slash would name another host.
      return typeof returnTo === 'string' && /^\/(?![/\\])/.test(returnTo) ? returnTo : '/';
    },
    signOut: async (returnTo) => {
      if (returnTo !== undefined) storage.setItem(RETURN_TO, returnTo);
      browserStorage.removeItem(KNOWN);
      await manager.revokeTokens(['refresh_token']).catch(() => {}); // it expires later anyway
      await manager.removeUser();
      become(null, { phase: 'signed-out' });
      const query = new URLSearchParams({ client_id: config.userPoolClientId, logout_uri: `${config.siteUrl}/` });
      location.assign(`${config.signInUrl}/logout?${query}`);
    },
    takeReturnPath: () => {
      const path = storage.getItem(RETURN_TO) ?? undefined;
      storage.removeItem(RETURN_TO);
      return path;
    },
  };
}

function stateOf(user: User | null): SessionState {
  if (!user?.id_token) return { phase: 'signed-out' };
  const { email } = user.profile;
  return { phase: 'signed-in', email: typeof email === 'string' ? email : 'Signed in' };
}

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSession } from './session';
import type { SiteConfig } from '../config';

const CONFIG: SiteConfig = {
  apiUrl: 'https://api.example/v1',
  issuerUrl: 'https://issuer.example/pool',
  userPoolId: 'pool',
  userPoolClientId: 'client',
  signInUrl: 'https://login.example',
  siteUrl: 'https://site.example',
  region: 'eu-west-1',
  release: 'r1',
};
const USER_KEY = `oidc.user:${CONFIG.issuerUrl}:${CONFIG.userPoolClientId}`;

/** An ID token of an hour; nobody checks its signature here. */
function idToken(n: number): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: CONFIG.issuerUrl, aud: 'client', sub: 'u', email: 'ada@example.com', n, iat: now, exp: now + 3600 };
  return ['{"alg":"RS256"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

class Tab implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;
  get length() { return this.#items.size; }
  clear = () => this.#items.clear();
  getItem = (key: string) => this.#items.get(key) ?? null;
  key = (at: number) => [...this.#items.keys()][at] ?? null;
  removeItem = (key: string) => void this.#items.delete(key);
  setItem = (key: string, value: string) => void this.#items.set(key, value);
}

/** A tab whose user signed in an hour ago, and has a refresh token. */
function signedIn(): Tab {
  const tab = new Tab();
  const profile = { sub: 'u', iss: CONFIG.issuerUrl, aud: 'client', exp: 1, iat: 1, email: 'ada@example.com' };
  const user = { id_token: idToken(0), access_token: 'a', refresh_token: 'refresh-0', token_type: 'Bearer', scope: 'openid email', profile, expires_at: 1 };
  tab.setItem(USER_KEY, JSON.stringify(user));
  return tab;
}

/** The refresh tokens that the token endpoint got, oldest first. */
let sent: (string | null)[];
/** Whether the pool takes each refresh token once, as one with rotation does. */
let rotates: boolean;

beforeEach(() => {
  sent = [];
  rotates = true;
  vi.stubGlobal('fetch', async (_: string, request: RequestInit) => {
    sent.push(new URLSearchParams(String(request.body)).get('refresh_token'));
    const at = sent.length;
    if (rotates && sent.at(-1) !== `refresh-${at - 1}`) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    const renewed = { id_token: idToken(at), access_token: 'a', token_type: 'Bearer', expires_in: 3600 };
    return Response.json(rotates ? { ...renewed, refresh_token: `refresh-${at}` } : renewed);
  });
});

afterEach(() => vi.unstubAllGlobals());

test('each renewal uses the refresh token that the one before gave', async () => {
  const session = await createSession(CONFIG, signedIn());

  for (let n = 0; n < 3; n++) await session.getToken({ renew: true });

  expect(sent).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  expect(session.state()).toEqual({ phase: 'signed-in', email: 'ada@example.com' });
});

test('the newest refresh token outlives a reload of the tab', async () => {
  const tab = signedIn();
  await (await createSession(CONFIG, tab)).getToken({ renew: true });

  await (await createSession(CONFIG, tab)).getToken({ renew: true });

  expect(sent).toEqual(['refresh-0', 'refresh-1']);
});

test('many who need a token at once renew it once', async () => {
  const session = await createSession(CONFIG, signedIn());

  const tokens = await Promise.all([session.getToken(), session.getToken(), session.getToken()]);

  expect(sent).toEqual(['refresh-0']);
  expect(new Set(tokens).size).toBe(1);
});

test('a pool that gives no new refresh token takes the old one again', async () => {
  rotates = false;
  const session = await createSession(CONFIG, signedIn());

  for (let n = 0; n < 2; n++) await session.getToken({ renew: true });

  expect(sent).toEqual(['refresh-0', 'refresh-0']);
});

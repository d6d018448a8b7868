import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SessionEndedError, UnreachableError } from '../api/errors';
import { type Session, createSession } from './session';
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

/** An ID token that lasts an hour. No test checks its signature. */
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

/** A tab whose user signed in an hour ago, and has a refresh token. Its ID token lasts until `expiresAtS`. */
function signedIn(expiresAtS = 1): Tab {
  const tab = new Tab();
  const profile = { sub: 'u', iss: CONFIG.issuerUrl, aud: 'client', exp: 1, iat: 1, email: 'ada@example.com' };
  const user = { id_token: idToken(0), access_token: 'a', refresh_token: 'refresh-0', token_type: 'Bearer', scope: 'openid email', profile, expires_at: expiresAtS };
  tab.setItem(USER_KEY, JSON.stringify(user));
  return tab;
}

/** The refresh tokens that the token endpoint received, oldest first. */
let sent: (string | null)[];
/** Whether the pool accepts each refresh token once, as a pool with rotation does. */
let rotates: boolean;
/** What the token endpoint answers, or throws, instead of a token; taken one by one. */
let failures: (() => Response)[];

beforeEach(() => {
  sent = [];
  rotates = true;
  failures = [];
  vi.stubGlobal('localStorage', new Tab());
  vi.stubGlobal('fetch', async (_: string, request: RequestInit) => {
    const failure = failures.shift();
    if (failure) return failure();
    sent.push(new URLSearchParams(String(request.body)).get('refresh_token'));
    const at = sent.length;
    if (rotates && sent.at(-1) !== `refresh-${at - 1}`) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    const renewed = { id_token: idToken(at), access_token: 'a', token_type: 'Bearer', expires_in: 3600 };
    return Response.json(rotates ? { ...renewed, refresh_token: `refresh-${at}` } : renewed);
  });
});

afterEach(() => vi.unstubAllGlobals());

test('each renewal uses the refresh token of the previous one', async () => {
  const session = await createSession(CONFIG, signedIn());

  for (let n = 0; n < 3; n++) await session.getToken({ renew: true });

  expect(sent).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  expect(session.state()).toEqual({ phase: 'signed-in', email: 'ada@example.com' });
});

test('the newest refresh token survives a reload of the tab', async () => {
  const tab = signedIn();
  await (await createSession(CONFIG, tab)).getToken({ renew: true });

  await (await createSession(CONFIG, tab)).getToken({ renew: true });

  expect(sent).toEqual(['refresh-0', 'refresh-1']);
});

test('simultaneous requests for a token renew it once', async () => {
  const session = await createSession(CONFIG, signedIn());

  const tokens = await Promise.all([session.getToken(), session.getToken(), session.getToken()]);

  expect(sent).toEqual(['refresh-0']);
  expect(new Set(tokens).size).toBe(1);
});

test('without a new refresh token, the old one is used again', async () => {
  rotates = false;
  const session = await createSession(CONFIG, signedIn());

  for (let n = 0; n < 2; n++) await session.getToken({ renew: true });

  expect(sent).toEqual(['refresh-0', 'refresh-0']);
});

test.for([
  ['429 with a plain text', () => new Response('slow down', { status: 429, headers: { 'Content-Type': 'text/plain' } })],
  ['429 with JSON', () => Response.json({ message: 'Too many requests' }, { status: 429 })],
  ['500 without a body', () => new Response(null, { status: 500 })],
  ['503 with a page of HTML', () => new Response('<h1>503</h1>', { status: 503, headers: { 'Content-Type': 'text/html' } })],
  ['503 temporarily_unavailable', () => Response.json({ error: 'temporarily_unavailable' }, { status: 503 })],
  ['no network', () => { throw new TypeError('Failed to fetch'); }],
  ['a timeout', () => { throw new DOMException('The operation was aborted', 'AbortError'); }],
] as const)('a token endpoint that answers with %s keeps the session, and the next call renews it', async ([, failure]) => {
  failures = [failure];
  const tab = signedIn();
  const session = await createSession(CONFIG, tab);

  await expect(session.getToken()).rejects.toBeInstanceOf(UnreachableError);
  expect(session.state()).toEqual({ phase: 'signed-in', email: 'ada@example.com' });
  expect(tab.getItem(USER_KEY)).toContain('refresh-0');

  expect(await session.getToken()).toBe(idTokenOf(tab));
  expect(sent).toEqual(['refresh-0']);
});

test('a token that is still good is used while the token endpoint is busy', async () => {
  failures = [() => new Response(null, { status: 503 })];
  const tab = signedIn(Math.floor(Date.now() / 1000) + 30);
  const session = await createSession(CONFIG, tab);

  expect(await session.getToken()).toBe(idTokenOf(tab));
});

test.for(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_request'])(
  'the answer %s ends the session, and its tokens are forgotten',
  async (error) => {
    failures = [() => Response.json({ error }, { status: 400 })];
    const tab = signedIn();
    const session = await createSession(CONFIG, tab);

    await expect(session.getToken()).rejects.toBeInstanceOf(SessionEndedError);
    expect(session.state()).toEqual({ phase: 'ended' });
    expect(tab.getItem(USER_KEY)).toBeNull();
  },
);

test('a session without a refresh token ends with its ID token', async () => {
  const tab = signedIn();
  tab.setItem(USER_KEY, tab.getItem(USER_KEY)!.replace('"refresh_token":"refresh-0",', ''));
  const session = await createSession(CONFIG, tab);

  await expect(session.getToken()).rejects.toBeInstanceOf(SessionEndedError);
  expect(session.state()).toEqual({ phase: 'ended' });
});

/** The ID token that lies in the tab. */
test('the path that was left by signing out is returned to once, and holds no token', async () => {
  const assign = vi.fn();
  vi.stubGlobal('location', { assign });
  const tab = signedIn();
  await (await createSession(CONFIG, tab)).signOut('/sites/shop/recordings/a?t=2');
  const left = [...Array(tab.length).keys()].map((at) => tab.getItem(tab.key(at)!));
  const next = await createSession(CONFIG, tab);

  expect(left).toEqual(['/sites/shop/recordings/a?t=2']);
  expect([next.takeReturnPath(), next.takeReturnPath()]).toEqual(['/sites/shop/recordings/a?t=2', undefined]);
  expect(assign).toHaveBeenCalledExactlyOnceWith('https://login.example/logout?client_id=client&logout_uri=https%3A%2F%2Fsite.example%2F');
});

test('signing out by itself leaves no path to return to', async () => {
  vi.stubGlobal('location', { assign: vi.fn() });
  const tab = signedIn();
  await (await createSession(CONFIG, tab)).signOut();

  expect((await createSession(CONFIG, tab)).takeReturnPath()).toBeUndefined();
});

function idTokenOf(tab: Tab): string {
  return (JSON.parse(tab.getItem(USER_KEY)!) as { id_token: string }).id_token;
}

test('a new tab asks the managed login by itself once, while the user of another tab is signed in', async () => {
  const [browser, tab] = [new Tab(), new Tab()];
  const asked = async (of: Tab) => (await createSession(CONFIG, of, browser)).takeKnownUser();
  const before = await asked(tab);
  browser.setItem('signed-in-here', '');

  expect([before, await asked(tab), await asked(tab), await asked(new Tab()), await asked(signedIn())]).toEqual([false, true, false, true, false]);
});

test('a session that has ended, or was ended, is not asked for again', async () => {
  for (const end of [(session: Session) => session.getToken({ renew: true }).catch(() => {}), (session: Session) => session.signOut()]) {
    vi.stubGlobal('location', { assign: () => {} });
    failures = [() => Response.json({ error: 'invalid_grant' }, { status: 400 })];
    const browser = new Tab();
    browser.setItem('signed-in-here', '');
    await end(await createSession(CONFIG, signedIn(), browser));

    expect((await createSession(CONFIG, new Tab(), browser)).takeKnownUser()).toBe(false);
  }
});

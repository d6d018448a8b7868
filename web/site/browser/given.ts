import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { WatchedSite } from 'contract';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Route } from 'playwright-core';
import { borrowContext } from '../../recorded-session/borrowed-contexts.mjs';
import { builtFile } from './built-files';
import { OTHER_HOSTS_HEADERS, OTHER_HOSTS_PAGE, siteHeaders } from './policy';

const SESSION = new URL('../../../tests/data/session.ndjson', import.meta.url);
export const SITE = 'https://site.example';
export const API = 'https://api.example/v1';
const SIGN_IN = 'https://sign-in.example';
const ISSUER = 'https://issuer.example/pool';
const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};
const CONFIG = {
  apiUrl: API,
  issuerUrl: ISSUER,
  userPoolId: 'pool',
  userPoolClientId: 'client',
  signInUrl: SIGN_IN,
  siteUrl: SITE,
  region: 'eu-west-1',
  release: 'test',
};

/** The lines of the example session. */
export const SESSION_LINES: readonly string[] = readFileSync(SESSION, 'utf8').trim().split('\n');

export interface Answer {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** The answer to a request to the API, by path and query; `undefined` for a refused connection. */
export type FakeApi = (path: string, method: string) => Answer | undefined | Promise<Answer | undefined>;

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Every request to anything but the site, its API and its sign-in. */
  readonly strangers: string[];
  /** Every path requested from the API, in order. */
  readonly asked: string[];
  /** Errors on the console, such as violations of the site's policy, and uncaught exceptions. */
  readonly complaints: string[];
  /** Closes its pages. */
  end(): Promise<void>;
}

/**
 * The built site with nothing stored, with a fake API, under the real policy. @default signed in, watching no site
 *
 * @param options.alone in a context that is closed at the end, since Playwright's clock stays in it
 */
export async function visitSite(
  browser: Browser,
  api: FakeApi,
  { width = 1280, height = 860, signedIn = true, dark = false, touch = false, alone = false, sites = [] }: Partial<Record<'width' | 'height', number>> &
    Partial<Record<'signedIn' | 'dark' | 'touch' | 'alone', boolean>> & { sites?: readonly WatchedSite[] } = {},
): Promise<Visit> {
  const options: BrowserContextOptions = {
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    isMobile: touch,
    hasTouch: touch,
    permissions: ['clipboard-read', 'clipboard-write'],
  };
  const { context, giveBack } = await borrowContext(browser, options, signedIn ? REMEMBER_USER : '');
  const [strangers, asked, complaints]: [string[], string[], string[]] = [[], [], []];
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin === SITE) return serveSite(route, url);
    if (route.request().url().startsWith(API)) {
      const path = route.request().url().slice(API.length);
      if (path === '/sites') return answer(route, json({ sites }));
      asked.push(path);
      return answer(route, await api(path, route.request().method()));
    }
    if (url.origin === SIGN_IN) return answer(route, { status: 400, body: '{"error":"invalid_grant"}' });
    strangers.push(url.href);
    return route.abort();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, strangers, asked, complaints, end: alone ? () => context.close() : giveBack };
}

function rememberUser([key, token]: readonly [string, string]): void {
  if (sessionStorage.getItem('told') === 'once') return;
  sessionStorage.setItem('told', 'once');
  const user = {
    id_token: token,
    access_token: 'access',
    token_type: 'Bearer',
    scope: 'openid email',
    profile: { sub: 'user', email: 'ada@example.com' },
    expires_at: Math.floor(Date.now() / 1000) + 3600,
  };
  sessionStorage.setItem(key, JSON.stringify(user));
}

const REMEMBER_USER = `(${rememberUser})(${JSON.stringify([`oidc.user:${ISSUER}:client`, idToken()])})`;

function idToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'user', email: 'ada@example.com' })}.x`;
}

async function serveSite(route: Route, { pathname }: URL): Promise<void> {
  if (pathname === '/config.json') return route.fulfill({ json: CONFIG, headers: { 'Cache-Control': 'no-store' } });
  const file = extname(pathname) === '' ? 'index.html' : pathname.slice(1);
  const body = await builtFile(file);
  if (!body) return route.fulfill({ status: 404, body: '' });
  return route.fulfill({
    body,
    headers: {
      ...siteHeaders({ apiUrl: API, signInUrl: SIGN_IN }),
      ...(pathname === OTHER_HOSTS_PAGE ? OTHER_HOSTS_HEADERS : {}),
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    },
  });
}

async function answer(route: Route, given: Answer | undefined): Promise<void> {
  if (!given) return route.abort('connectionrefused');
  const headers = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Allow-Methods': '*',
    'Access-Control-Expose-Headers': 'Next-Cursor, Has-More, Events-Skipped, Missing-Sequences, Tail, Retry-After',
    'Content-Type': 'application/json',
    ...given.headers,
  };
  return route.fulfill({ status: given.status ?? 200, headers, body: given.body ?? '' });
}

export function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value) };
}

export function problem(status: number, title: string, detail: string): Answer {
  const body = { type: 'about:blank', title, status, detail, requestId: 'request-1' };
  return { ...json(body, status), headers: { 'Content-Type': 'application/problem+json' } };
}

export interface EventsGiven {
  readonly next?: string;
  readonly more?: boolean;
  readonly missing?: string;
  readonly skipped?: number;
}

/** An answer of getEvents. */
export function events(lines: readonly string[], { next = 'end', more = false, missing, skipped = 0 }: EventsGiven = {}): Answer {
  return {
    body: lines.map((line) => `${line}\n`).join(''), // not gzipped: Playwright would not decode it
    headers: {
      'Content-Type': 'application/x-ndjson',
      'Next-Cursor': next,
      'Has-More': String(more),
      'Events-Skipped': String(skipped),
      Tail: 'complete',
      ...(missing ? { 'Missing-Sequences': missing } : {}),
    },
  };
}

/** A site that the token opens. */
export function watchedSite(siteId: string, change: Partial<WatchedSite> = {}): WatchedSite {
  return { siteId, group: `site-${siteId}`, isAdmin: false, writeKey: `wk_${siteId.replaceAll('-', '').padEnd(24, '0')}`, privacy: 'text', ...change };
}

/** A recording of the list; its `n` makes it newer. */
export function recording(n: number, change: object = {}) {
  return {
    recordingId: `recording-${n}`,
    createdAtMs: Date.UTC(2026, 8, 1) + n * 60_000,
    pageUrl: `https://shop.example/page-${n}`,
    pageTitle: `Page ${n}`,
    viewport: { width: 1280, height: 720 },
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0',
    hasScreenshot: false,
    ...change,
  };
}

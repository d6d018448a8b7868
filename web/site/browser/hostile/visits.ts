import type { Browser, Page, Request } from 'playwright-core';
import { vi } from 'vitest';
import { API, SITE, events, json, recording, visitSite } from '../given';
import { siteHeaders } from '../policy';
import { type Kind, evilOf, runOf, slugOf } from './kinds';
import { htmlOf } from './nodes';
import { MARKERS, recordingOf } from './recording';

const ANSWER_WITHIN_MS = 2000;

/** What each kind did, by its name. */
export type Harms = Readonly<Record<string, Kind['harm'][]>>;

export interface AllHarms {
  /** Recorded, and watched on the site: live, from the start, and clicked on. */
  readonly onSite: Harms;
  /** In frames with the sandbox of the site's frame, and no policy. */
  readonly sandboxed: Harms;
  /** In frames with the policy of the site, and no sandbox. */
  readonly underPolicy: Harms;
  /** In frames without any protection. */
  readonly unprotected: Harms;
}

interface Protection {
  /** Of each frame. @default none */
  readonly sandbox?: string;
  /** Whether the site's policy holds. @default false */
  readonly policy?: boolean;
}

/** A visit to a page that holds some kinds. */
interface Opened {
  /** Clicks everything that asks for a click. */
  readonly poke: () => Promise<void>;
  readonly harms: () => Promise<Harms>;
  readonly close: () => Promise<void>;
}

interface Seen {
  /** Of requests that must not be made. */
  readonly urls: readonly string[];
  readonly windows: readonly string[];
}

/**
 * What these kinds do in each place. The unprotected place is opened last, and the others are judged when every kind
 * has done its harm there: so each had more time for it, however busy the machine is.
 */
export async function harmsOf(browser: Browser, kinds: readonly Kind[]): Promise<AllHarms> {
  const places = [
    await openOnSite(browser, kinds),
    await openInFrames(browser, kinds, { sandbox: 'allow-same-origin' }),
    await openInFrames(browser, kinds, { policy: true }),
    await openInFrames(browser, kinds),
  ] as const;
  const isDone = (harms: Harms) => kinds.every(({ name, harm }) => harms[name]!.includes(harm));
  await vi.waitFor(
    async () => {
      await Promise.all(places.slice(0, -1).map(({ poke }) => poke()));
      await places[3].poke();
      if (!isDone(await places[3].harms())) throw new Error('some kind has not done its harm yet');
    },
    { timeout: 40_000, interval: 100 },
  ).catch(() => {}); // the test of that kind says so
  const [onSite, sandboxed, underPolicy, unprotected] = await Promise.all(places.map(({ harms }) => harms()));
  await Promise.all(places.map(({ close }) => close()));
  return { onSite: onSite!, sandboxed: sandboxed!, underPolicy: underPolicy!, unprotected: unprotected! };
}

/** A page with each kind in a frame of its own, without our player and with no more protection than this. */
async function openInFrames(browser: Browser, kinds: readonly Kind[], protection: Protection = {}): Promise<Opened> {
  const sandbox = protection.sandbox === undefined ? '' : `sandbox="${protection.sandbox}"`;
  const frames = kinds.map(({ name }) => `<iframe ${sandbox} width="300" height="200" src="/${slugOf(name)}"></iframe>`);
  const answers = new Map(kinds.map((kind) => [`/${slugOf(kind.name)}`, pageOf(kind)]));
  answers.set('/', `<!doctype html><title>Unprotected</title>${frames.join('')}`);
  const headers = protection.policy ? siteHeaders({ apiUrl: API, signInUrl: SITE }) : {};
  // The site's pages may not be framed; the frame that a recording is drawn into is none of them.
  const policy = headers['Content-Security-Policy']?.replace("; frame-ancestors 'none'", '') ?? '';
  const context = await browser.newContext();
  const page = await context.newPage();
  const [urls, windows]: [string[], string[]] = [[], []];
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    const body = url.hostname === 'unprotected.example' ? answers.get(url.pathname) : undefined;
    if (body) return route.fulfill({ body, contentType: 'text/html', headers: { 'Content-Security-Policy': policy } });
    if (isOfWindow(route.request(), page)) windows.push(url.href);
    urls.push(url.href);
    return route.abort();
  });
  await page.goto('https://unprotected.example/', { waitUntil: 'commit' }); // a refused frame never loads
  return {
    poke: () => pokeAll(page),
    harms: () => harmsOn(page, kinds, { urls, windows }),
    close: () => context.close(),
  };
}

function pageOf(kind: Kind): string {
  const [evil, run] = [evilOf(kind), runOf(kind)];
  const html = (nodes: Kind['nodes']) => (nodes?.(evil, run) ?? []).map(htmlOf).join('');
  const script = kind.script ? `<script>${kind.script(evil)}</script>` : '';
  const style = '<style>body { color: black }</style>';
  return `<!doctype html><html><head>${style}${html(kind.head)}</head><body>${html(kind.nodes)}${script}</body></html>`;
}

/** The site, on which a recording of these kinds has been watched: live, from the start, and to the end. */
async function openOnSite(browser: Browser, kinds: readonly Kind[]): Promise<Opened> {
  const { first, later } = recordingOf(kinds, Date.now());
  const pageUrl = `javascript:${runOf(kinds[0]!)}`;
  let polls = 0;
  const { context, page, strangers } = await visitSite(browser, (path) => {
    if (!path.includes('/events')) return json(recording(1, { createdAtMs: Date.now(), pageUrl }));
    if (!path.includes('cursor')) return events(first);
    return events(polls++ === 0 ? later() : []);
  });
  const address = `${SITE}/recordings/recording-1`;
  await page.goto(address);
  const marker = page.frameLocator('.player iframe').first().getByText(MARKERS.live);
  await marker.waitFor({ state: 'attached' });
  await page.keyboard.press('Home');
  await marker.waitFor({ state: 'detached' });
  await page.keyboard.press('End');
  await marker.waitFor({ state: 'attached' });
  return {
    poke: () => pokeAll(page),
    harms: () => {
      if (page.url().replace(/\?t=[\d.]+$/, '') !== address) throw new Error(`the recording led away, to ${page.url()}`);
      return harmsOn(page, kinds, { urls: strangers, windows: context.pages().slice(1).map((one) => one.url()) });
    },
    close: () => context.close(),
  };
}

/** Clicks everything that asks for a click, in each frame, by script: what keeps a mouse away does not stop it. */
async function pokeAll(page: Page): Promise<void> {
  await inEachFrame(page, () => {
    for (const one of document.querySelectorAll('[data-poke]')) {
      one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    }
  });
}

/** The answers of the frames that can answer within this time: a frame that is gone or was refused never does. */
async function inEachFrame<T>(page: Page, ask: () => T): Promise<T[]> {
  const answers = page.frames().map((frame) =>
    Promise.race([frame.evaluate(ask), new Promise<never>((_, reject) => setTimeout(reject, ANSWER_WITHIN_MS))]),
  );
  const settled = await Promise.allSettled(answers);
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value as T] : []));
}

async function harmsOn(page: Page, kinds: readonly Kind[], { urls, windows }: Seen): Promise<Harms> {
  const facts = await inEachFrame(page, () => ({
    ran: Object.keys((window as { ran?: object }).ran ?? {}),
    plays: [...document.querySelectorAll<HTMLMediaElement>('audio, video')].some((one) => one.currentTime > 0),
  }));
  return Object.fromEntries(
    kinds.map((kind) => {
      const names = (url: string) => url.startsWith(`${evilOf(kind)}/`);
      const harms: Kind['harm'][] = [];
      if (facts.some(({ ran }) => ran.includes(slugOf(kind.name)))) harms.push('runs');
      if (urls.some(names)) harms.push('asks');
      if (windows.some(names)) harms.push('opens a window');
      if (kind.harm === 'plays' && facts.some(({ plays }) => plays)) harms.push('plays');
      return [kind.name, harms];
    }),
  );
}

/** Whether the request is for a window other than the page's own: a window that is still opening has no frame yet. */
function isOfWindow(request: Request, page: Page): boolean {
  if (!request.isNavigationRequest()) return false;
  try {
    return request.frame().page() !== page;
  } catch {
    return true;
  }
}

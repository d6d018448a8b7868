import type { Browser, Page, Request } from 'playwright-core';
import { API, SITE, events, json, recording, visitSite } from '../given';
import { siteHeaders } from '../policy';
import { type Kind, evilOf, runOf, slugOf } from './kinds';
import { htmlOf } from './nodes';
import { MARKERS, recordingOf } from './recording';

/** What came about, by the name of the kind. */
export type Harms = Readonly<Record<string, Kind['harm'][]>>;

export interface Protection {
  /** Of each frame. @default none */
  readonly sandbox?: string;
  /** Whether the site's policy holds. @default false */
  readonly policy?: boolean;
}

interface Seen {
  /** Of requests that nobody is to make. */
  readonly urls: readonly string[];
  readonly windows: readonly string[];
}

/** What these do, each in a frame of its own, without our player and with no more protection than this. */
export async function harmsInFrames(browser: Browser, kinds: readonly Kind[], protection: Protection = {}): Promise<Harms> {
  const sandbox = protection.sandbox === undefined ? '' : `sandbox="${protection.sandbox}"`;
  const frames = kinds.map(({ name }) => `<iframe ${sandbox} width="300" height="200" src="/${slugOf(name)}"></iframe>`);
  const answers = new Map(kinds.map((kind) => [`/${slugOf(kind.name)}`, pageOf(kind)]));
  answers.set('/', `<!doctype html><title>Unprotected</title>${frames.join('')}`);
  const headers = protection.policy ? siteHeaders({ apiUrl: API, signInUrl: SITE }) : {};
  // No page of the site may be framed; what a recording is drawn into is none.
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
  await page.goto('https://unprotected.example/', { waitUntil: 'commit' }); // a frame that is refused never loads
  await page.waitForTimeout(400);
  await pokeAll(page);
  await page.waitForTimeout(400);
  let harms = await harmsOn(page, kinds, { urls, windows });
  const isUnprotected = protection.sandbox === undefined && !protection.policy;
  for (let left = 20; isUnprotected && left > 0 && !kinds.every(({ name, harm }) => harms[name]!.includes(harm)); left--) {
    await pokeAll(page); // on a busy machine a frame may not have been there
    await page.waitForTimeout(200);
    harms = await harmsOn(page, kinds, { urls, windows });
  }
  await context.close();
  return harms;
}

function pageOf(kind: Kind): string {
  const [evil, run] = [evilOf(kind), runOf(kind)];
  const html = (nodes: Kind['nodes']) => (nodes?.(evil, run) ?? []).map(htmlOf).join('');
  const script = kind.script ? `<script>${kind.script(evil)}</script>` : '';
  const style = '<style>body { color: black }</style>';
  return `<!doctype html><html><head>${style}${html(kind.head)}</head><body>${html(kind.nodes)}${script}</body></html>`;
}

/** What these do when they are recorded, and watched on the site: live, from the begin, and clicked on. */
export async function harmsOnSite(browser: Browser, kinds: readonly Kind[]): Promise<Harms> {
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
  await page.getByRole('button', { name: 'Live' }).click();
  const marker = page.frameLocator('.player iframe').first().getByText(MARKERS.live);
  await marker.waitFor({ state: 'attached' });
  await page.keyboard.press('Home');
  await marker.waitFor({ state: 'detached' });
  await page.keyboard.press('End');
  await marker.waitFor({ state: 'attached' });
  await pokeAll(page);
  await page.waitForTimeout(400);
  const windows = context.pages().slice(1).map((one) => one.url());
  const harms = await harmsOn(page, kinds, { urls: strangers, windows });
  if (page.url() !== address) throw new Error(`it led away, to ${page.url()}`);
  await context.close();
  return harms;
}

/** Click what wants to be clicked, in each frame, by script: nothing that keeps a mouse away is in the way. */
async function pokeAll(page: Page): Promise<void> {
  await inEachFrame(page, () => {
    for (const one of document.querySelectorAll('[data-poke]')) {
      one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    }
  });
}

/** What each frame answers; one that has gone, or was refused, does not. */
async function inEachFrame<T>(page: Page, ask: () => T): Promise<T[]> {
  const answers = page.frames().map((frame) =>
    Promise.race([frame.evaluate(ask), new Promise<never>((_, reject) => setTimeout(reject, 2000))]),
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

/** Whether it is for a window other than the page's own; one that is only being opened cannot be told yet. */
function isOfWindow(request: Request, page: Page): boolean {
  if (!request.isNavigationRequest()) return false;
  try {
    return request.frame().page() !== page;
  } catch {
    return true;
  }
}

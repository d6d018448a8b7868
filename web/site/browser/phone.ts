/** A page of a shop that a phone visits and that records itself; its events, for a replay. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, type CDPSession, type Page, devices } from 'playwright-core';
import { expect } from 'vitest';
import { VIEW_TAG } from '../../recorder/src/view';
import { borrowContext } from '../../recorded-session/borrowed-contexts.mjs';

const RECORDER = fileURLToPath(new URL('../../recorder/dist/page-copy.js', import.meta.url));
const SHOP = 'https://shop.example';
export const PHONE = devices['Pixel 7']!;

const PAGE = `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>Teas</title>
<style>
  body { margin: 0; font: 16px/1.4 sans-serif; background: #fff; color: #222 }
  header { position: sticky; top: 0; padding: 12px 16px; background: #14532d; color: #fff }
  article { display: flex; gap: 12px; padding: 12px 16px; border-bottom: 1px solid #ddd }
  .leaf { flex: none; width: 72px; height: 72px; border-radius: 12px; background: #86efac }
  h1, h2, p { margin: 0 } h1 { font-size: 20px } h2 { font-size: 17px }
  footer { position: fixed; bottom: 0; left: 0; right: 0; padding: 10px 16px; background: #f0fdf4; border-top: 1px solid #bbb }
  input { font-size: 16px; width: 60% }
</style></head><body><header><h1>Teas of the harbour</h1></header>
<main>${Array.from({ length: 14 }, (_, n) => `<article id="tea${n}"><div class="leaf"></div><div><h2>Tea number ${n + 1}</h2><p>Picked by hand, dried in the wind, and shipped by boat.</p></div></article>`).join('')}</main>
<footer><label>Search <input id="search"></label></footer></body></html>`;

export interface View {
  readonly atMs: number;
  readonly touch: boolean;
  readonly width: number;
  readonly height: number;
  readonly scrollbar: number;
  readonly keyboard: number;
  readonly left: number;
  readonly top: number;
  readonly seenWidth: number;
  readonly seenHeight: number;
}

type Point = readonly [x: number, y: number];

/** Fingers that go from points to others, each in a straight line. */
export async function swipe(protocol: CDPSession, from: readonly Point[], to: readonly Point[], steps = 12): Promise<void> {
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', share?: number) =>
    protocol.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: share === undefined ? [] : from.map(([x, y], id) => ({ id, x: x + (to[id]![0] - x) * share, y: y + (to[id]![1] - y) * share })),
    });
  await send('touchStart', 0);
  for (let step = 1; step <= steps; step++) await send('touchMove', step / steps);
  await send('touchEnd');
}

export interface RecordedVisit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly protocol: CDPSession;
  /** What is recorded up to now, one event a line. */
  lines(): Promise<string[]>;
  /** What the recording says of the part of the page that is seen, oldest first. */
  views(): Promise<View[]>;
  /** Closes its pages. */
  end(): Promise<void>;
}

/** A visit of that page, recorded at a level of privacy; nothing leaves the machine. */
export async function visitShop(browser: Browser, options: BrowserContextOptions, { privacy = 'inputs', before = '', page: html = PAGE, more = {} }: { privacy?: string; before?: string; page?: string; more?: object } = {}): Promise<RecordedVisit> {
  const { context, giveBack } = await borrowContext(browser, options);
  const script = await readFile(RECORDER, 'utf8');
  await context.route('**/*', (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (origin !== SHOP) return route.fulfill({ status: 200, body: '{}', headers: { 'Access-Control-Allow-Origin': '*' } });
    if (pathname === '/page-copy.js') return route.fulfill({ body: script, contentType: 'text/javascript' });
    return route.fulfill({ body: pathname === '/' ? html : '<p>another page</p>', contentType: 'text/html' });
  });
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  await page.goto(`${SHOP}/`);
  const protocol = await context.newCDPSession(page);
  await page.addScriptTag({ content: script });
  await page.evaluate(
    ([level, writeUrl, others]) => {
      const told: object[] = [];
      const { rrwebRecorder } = window as unknown as { rrwebRecorder: { startRecording(options: object): void } };
      rrwebRecorder.startRecording({ writeUrl, privacy: level, ...others, transform: (event: object) => (told.push(event), event) });
      Object.assign(window, { told });
    },
    [privacy, `https://api.example/v1/w/wk_${'a'.repeat(24)}`, more] as const,
  );
  const lines = () => page.evaluate<string[]>('told.map((event) => JSON.stringify(event))');
  async function views(): Promise<View[]> {
    const events = (await lines()).map((line) => JSON.parse(line) as { timestamp: number; data: { tag?: string; payload?: Omit<View, 'atMs'> } });
    return events.flatMap(({ timestamp, data }) => (data.tag === VIEW_TAG ? [{ atMs: timestamp, ...data.payload! }] : []));
  }
  await expect.poll(async () => (await lines()).some((line) => line.startsWith('{"type":2'))).toBe(true);
  return { context, page, protocol, lines, views, end: giveBack };
}

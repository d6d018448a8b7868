/** A recording saved as one page: what is in the file, that it plays from the disk without asking for anything, and that nothing in it runs. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, recording } from './given';
import { element } from './hostile/nodes';
import { oneVisitATest } from './one-visit-a-test';

const visitSite = oneVisitATest();
const PATH = `${SITE}/recordings/recording-1`;
const START_MS = Date.UTC(2026, 8, 1);
const BREAKING = `</script></textarea></style></title><script>window.ran = 'text'; alert(1)</script><img src=x onerror="window.ran = 'image'"><!-- "'\`😀\0`;
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="parent.ran = 'drawing'"><script>parent.ran = 'drawing'</script><rect width="40" height="30" fill="#0a0"/></svg>`;
const DRAWING_SHA256 = createHash('sha256').update(DRAWING).digest('hex');

const at = (ms: number, type: number, data: object): string => JSON.stringify({ type, timestamp: START_MS + ms, data });
const page = element('html', {}, element('head', {}, element('title', {}, BREAKING)), element('body', { onload: "top.ran = 'body'" },
  element('p', { id: 'text', title: BREAKING }, BREAKING),
  element('img', { id: 'drawing', src: 'https://pictures.example/drawing.svg' }),
  element('img', { id: 'elsewhere', src: 'https://pictures.example/missing.png', onerror: "top.ran = 'error'" }),
  element('script', {}, "top.ran = 'script'"),
  element('iframe', { srcdoc: "<script>top.ran = 'frame'</script>" }),
  element('a', { href: "javascript:top.ran = 'link'" }, 'a link'),
));
const HOSTILE: readonly string[] = [
  at(0, 4, { href: 'https://shop.example/', width: 800, height: 600 }),
  at(1, 2, { node: { type: 0, id: 1, childNodes: [page] }, initialOffset: { left: 0, top: 0 } }),
  at(2, 5, { tag: 'rrweb-store:resources', payload: { stored: { 'https://pictures.example/drawing.svg': [DRAWING_SHA256, 'image/svg+xml'] }, missing: { [`https://pictures.example/${BREAKING}`]: { reason: 'cors', kind: 'image' } } } }),
  at(500, 5, { tag: BREAKING, payload: { text: BREAKING } }),
  at(900, 6, { plugin: 'rrweb/console@1', payload: { level: 'error', trace: [BREAKING], payload: [JSON.stringify(BREAKING)] } }),
  at(1500, 5, { tag: 'rrweb-store:user', payload: { id: BREAKING } }),
];

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'one-file-'))));
afterAll(() => rm(folder, { recursive: true }));

const hostile: FakeApi = (path) => {
  if (path.includes('/events')) return events(HOSTILE);
  if (path === `/assets/${DRAWING_SHA256}`) return { body: DRAWING, headers: { 'Content-Type': 'application/octet-stream' } };
  return json(recording(1, { pageTitle: BREAKING, pageUrl: `https://shop.example/${BREAKING}`, user: BREAKING, tags: [`a:${BREAKING}`], expiresAtMs: 9 }));
};

/** Saves the shown recording as one page, and returns where it lies. */
async function saved({ page }: Visit): Promise<string> {
  await page.getByRole('button', { name: 'Download' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'One page (HTML)' }).click()]);
  const file = join(folder, `${Date.now()}.html`);
  await download.saveAs(file);
  expect(download.suggestedFilename()).toBe('recording-1.html');
  return file;
}

interface Opened {
  readonly page: Page;
  /** Addresses that the page has asked for, but those of which its policy says that nothing is asked. */
  readonly asked: () => string[];
  readonly refused: string[];
  readonly complaints: string[];
}

/** What Chromium says of the scripts and addresses that it has refused. */
const REFUSAL = /violates the following Content Security Policy directive|^Blocked script execution in .* is sandboxed/;

/** Opens a file without a network. */
async function opened({ context }: Visit, file: string, hash = ''): Promise<Opened> {
  const [asked, refused, complaints]: [string[], string[], string[]] = [[], [], []];
  await context.unrouteAll();
  await context.setOffline(true);
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.on('request', (request) => asked.push(request.url()));
  page.on('requestfailed', (request) => request.failure()?.errorText === 'csp' && refused.push(request.url())); // Chromium tells of them, too
  page.on('websocket', (socket) => asked.push(socket.url()));
  page.on('dialog', (dialog) => (complaints.push(dialog.message()), void dialog.dismiss()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(file).href + hash);
  const own = /^(?:file|data|blob):/;
  return { page, asked: () => asked.filter((url) => !own.test(url) && !refused.includes(url)), refused, complaints };
}

test('a hostile recording plays from one file, which asks for nothing and runs nothing', async () => {
  const visit = await visitSite(hostile);
  await visit.page.goto(PATH);
  await visit.page.locator('.player .round:enabled').waitFor();
  const file = await saved(visit);
  const text = await readFile(file, 'utf8');
  const { page, asked, refused, complaints } = await opened(visit, file);
  await page.locator('.time', { hasText: '/ 0:01' }).waitFor();
  const replayed = page.frameLocator('.player iframe');
  await replayed.locator('#text').waitFor({ state: 'attached' });
  await expect.poll(() => replayed.locator('#drawing').evaluate((image: HTMLImageElement) => image.naturalWidth), { timeout: 40_000 }).toBe(40);
  for (const panel of ['Console', 'Network', 'Details', 'Events']) await page.getByRole('tab', { name: panel }).click();
  await page.locator('.panel-row').first().click();

  expect(text).not.toMatch(/api\.example|ada@example|site\.example|eyJ|alert\(1\)/);
  expect(text.split('<script').length - 1).toBe(4); // the player's, and three parts: events, an asset, and about them
  expect(await page.locator('h1').textContent()).toContain("window.ran = 'text'");
  expect(await replayed.locator('#text').textContent()).toContain("window.ran = 'text'");
  expect(await page.getByText('from 1 other host are not shown').or(page.getByText('from 1 other host is not shown')).count()).toBe(1);
  expect(await page.evaluate(() => (window as unknown as { ran?: string }).ran)).toBeUndefined();
  expect(asked()).toEqual([]);
  expect(new Set(refused)).toEqual(new Set(['drawing.svg', 'missing.png'].map((name) => `https://pictures.example/${name}`)));
  expect(complaints.filter((one) => !REFUSAL.test(one))).toEqual([]);
  expect(visit.strangers).toEqual([]);
});

test('the file has the whole session, is worked by keys, and opens at a moment', async () => {
  const visit = await visitSite((path) => (path.includes('/events') ? (path.includes('cursor') ? events(SESSION_LINES.slice(40)) : events(SESSION_LINES.slice(0, 40), { next: 'two', more: true })) : json(recording(1))));
  await visit.page.goto(PATH);
  await visit.page.locator('.time', { hasText: '0:19' }).waitFor();
  const { page, asked, complaints } = await opened(visit, await saved(visit), '#t=0m7.5s');
  await page.locator('.time', { hasText: '0:07 / 0:19' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('.time', { hasText: '0:17 / 0:19' }).waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  const shown = await page.frameLocator('.player iframe').locator('h1').textContent();
  const title = await page.title();
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  for (const [width, height] of [[1280, 800], [390, 844]] as const) {
    await page.setViewportSize({ width, height });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>("axe.run({ exclude: [['iframe']] }).then(({ violations }) => violations.map(({ id }) => id))")).toEqual([]);
    if (process.env['ONE_FILE_PICTURES']) await page.screenshot({ path: join(process.env['ONE_FILE_PICTURES'], `file-${width}.png`) });
  }

  expect(shown).toBe('Harbour log');
  expect(title).toBe('Page 1 · rrweb store');
  expect(await page.getByRole('button', { name: /link to this moment|Live/ }).count()).toBe(0);
  expect([asked(), complaints]).toEqual([[], []]);
});

test('the menu of the downloads is worked by keys, and a page that is too large offers a part of it', async () => {
  const visit = await visitSite((path) => (path.includes('/events') ? events(SESSION_LINES) : json(recording(1, { durationMs: 19_000 }))));
  const { page, context } = visit;
  await page.goto(`${PATH}?t=9`);
  await page.locator('.time', { hasText: '0:09 / 0:19' }).waitFor();
  const menu = page.getByRole('button', { name: 'Download' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.locator('#downloads').waitFor();
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press('Escape');
  const afterEscape = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

  expect([first?.startsWith('One page (HTML)'), afterEscape, await menu.getAttribute('aria-expanded')]).toEqual([true, 'Download', 'false']);

  await context.route(`${SITE}/one-file.txt`, (route) => route.fulfill({ body: `${' '.repeat(50_000_000)}<!--recording 1-->.` }));
  for (const [width, height] of [[390, 844], [1280, 800]] as const) {
    await page.setViewportSize({ width, height });
    await menu.click();
    if (process.env['ONE_FILE_PICTURES']) await page.screenshot({ path: join(process.env['ONE_FILE_PICTURES'], `menu-${width}.png`) });
    if (width === 390) await page.getByRole('button', { name: 'One page (HTML)' }).click();
    await page.getByRole('button', { name: /^Save 0:0\d to 0:1\d$/ }).waitFor();
    const box = (await page.locator('.downloads').boundingBox())!;
    expect(box.x >= 0 && box.x + box.width <= width).toBe(true);
    await page.keyboard.press('Escape');
  }

  await context.unroute(`${SITE}/one-file.txt`);
  await context.route(`${SITE}/one-file.txt`, (route) => route.fulfill({ status: 404, body: '' }));
  await menu.click();
  await page.getByRole('button', { name: 'One page (HTML)' }).click();
  await page.getByText('The download failed').waitFor();
  await context.route('**/recordings/recording-1/events*', () => {}); // no answer
  await context.unroute(`${SITE}/one-file.txt`);
  await menu.click();
  await page.getByRole('button', { name: 'One page (HTML)' }).click();
  await page.getByText('0.0 MB collected').waitFor();
  await page.getByRole('button', { name: 'Cancel the download' }).click();
  await menu.waitFor();
});

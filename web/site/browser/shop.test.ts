/** A visit to the sandbox's shop, and how its watchers see it, on a whole stack; sandbox/visit.py passes users and addresses. */
import { mkdir, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { type Box, MAX_PX_APART, boxesApart, boxesOf } from './boxes';
import { browser } from './chromium';
import { lastMomentOf, recordingIdOf } from './recorded-page';
import { STILLS, openReplay } from './stills';

const { SITE_URL, SITE_PASSWORD, API_URL, SHOP_URL, SHOP_SITE, MEMBER_EMAIL, MEMBER_TOKEN, STRANGER_TOKEN } = process.env as Record<string, string>;
const VIEWPORT = { width: 1280, height: 800 };
const PATIENCE_MS = 40_000;
const [META, FULL_SNAPSHOT] = [4, 2];
const TYPED = { 'Name': 'Typed Name 4711', 'E-mail': 'typed4711@example.com', 'Address': 'Typed Street 4711' };
/** Shorter texts may be a part of a name of rrweb's or of the style sheet. */
const TELLING_LENGTH = 6;

interface Moment {
  readonly atMs: number;
  readonly boxes: readonly Box[];
}
interface Event {
  readonly type: number;
  readonly data: { readonly href?: string };
}

const moments: Moment[] = [];
const texts = new Set<string>();
const complaints: string[] = [];
let recordingId = '';
let stored = '';

beforeAll(async () => {
  await mkdir(STILLS, { recursive: true });
});

/** The API's answer to a user's token, of a path below the site's recordings. */
function ask(token: string | undefined, path = ''): Promise<Response> {
  return fetch(`${API_URL}/sites/${SHOP_SITE}/recordings${path}`, { headers: { Authorization: `Bearer ${token}`, Accept: 'application/gzip' } });
}

/** What the visitor sees of a page: its boxes for later, its texts to look for in what is stored. */
async function see(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.mouse.move(4, 450);
  await recordingIdOf(page);
  const found = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const all = [document.title];
    while (walker.nextNode()) all.push(walker.currentNode.textContent!.trim());
    return all;
  });
  for (const text of found) if (text.length >= TELLING_LENGTH) texts.add(text);
  const boxes = await page.locator('html').evaluate(boxesOf);
  const png = await page.screenshot({ caret: 'initial' }); // hiding it would be recorded
  moments.push({ atMs: await lastMomentOf(page), boxes });
  await writeFile(`${STILLS}shop-${moments.length}-recorded.png`, png);
}

test('a visitor fills the cart, types into the form, orders, and closes the tab', async () => {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', ({ violatedDirective }) => console.error(`refused: ${violatedDirective}`)));
  page.on('console', (message) => message.text().startsWith('refused') && complaints.push(message.text()));

  await page.goto(SHOP_URL!);
  await page.getByRole('button', { name: 'Add to cart' }).nth(1).click();
  await see(page);
  await page.getByRole('link', { name: 'Sencha' }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await see(page);
  await page.getByRole('link', { name: 'Go to the cart' }).click();
  for (const [label, text] of Object.entries(TYPED)) {
    await page.getByLabel(label).click(); // waits until the cart is shown: what is typed before that goes nowhere
    await page.getByLabel(label).pressSequentially(text);
  }
  await page.getByLabel('Sent by').selectOption('Boat');
  await page.getByLabel('It is a gift').check();
  await see(page);
  await page.getByRole('button', { name: 'Order' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  await see(page);
  await page.getByRole('heading', { name: 'Thank you' }).click(); // a replay ends with its last event
  recordingId = await recordingIdOf(page);
  await page.close();

  expect(complaints).toEqual([]);
}, 120_000);

test('the recording is listed for the site, and its events can be read', async ({ task }) => {
  await expect
    .poll(async () => {
      const { recordings } = (await (await ask(MEMBER_TOKEN)).json()) as { recordings: { recordingId: string }[] };
      return recordings.map((one) => one.recordingId);
    }, { timeout: PATIENCE_MS, interval: 200 })
    .toContain(recordingId);
  await expect
    .poll(async () => {
      stored = await readEvents();
      return pagesOf(stored);
    }, { timeout: PATIENCE_MS, interval: 200 })
    .toEqual(['/', '/teas/sencha', '/cart', '/thanks']);

  Object.assign(task.meta, { figures: `${stored.trim().split('\n').length} events of 4 pages` });
});

/** All events of the recording, as NDJSON. */
async function readEvents(): Promise<string> {
  let ndjson = '';
  let query = '';
  for (;;) {
    const answer = await ask(MEMBER_TOKEN, `/${recordingId}/events${query}`);
    expect(answer.status).toBe(200);
    ndjson += await answer.text();
    if (answer.headers.get('Has-More') === 'false') return ndjson;
    query = `?cursor=${encodeURIComponent(answer.headers.get('Next-Cursor')!)}`;
  }
}

/** The paths of the pages that are there with a snapshot. */
function pagesOf(ndjson: string): string[] {
  const events = ndjson.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Event);
  const starts = events.filter(({ type }, index) => type === META && events.slice(index).some((later) => later.type === FULL_SNAPSHOT));
  return starts.map(({ data }) => new URL(data.href!).pathname);
}

test('nothing that was typed, and no text of a page, is stored', async ({ task }) => {
  const listed = await (await ask(MEMBER_TOKEN, `/${recordingId}`)).text();
  const hidden = [...Object.values(TYPED), ...texts];
  Object.assign(task.meta, { figures: `${hidden.length} texts looked for in ${(listed.length + stored.length).toLocaleString('en')} characters` });

  expect(stored).not.toBe('');
  expect(texts).toContain('Teas of the season');
  expect(hidden.filter((text) => (listed + stored).includes(text))).toEqual([]);
});

test('a user who is not in the group is refused', async () => {
  const answers = await Promise.all(['', `/${recordingId}`, `/${recordingId}/events`].map((path) => ask(STRANGER_TOKEN, path)));

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
});

let member: Page;

test('a member of the group finds it by the switch, and plays it to its end', async () => {
  member = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  member.setDefaultTimeout(PATIENCE_MS);
  await member.goto(SITE_URL!);
  await member.getByRole('button', { name: 'Sign in' }).first().click();
  await member.locator('[name=username]').fill(MEMBER_EMAIL!);
  await member.locator('[name=password]').fill(SITE_PASSWORD!);
  await member.locator('button[type=submit]').click();
  await member.getByRole('button', { name: 'Showing My recordings' }).click();
  await member.locator('.owners').getByRole('link', { name: SHOP_SITE!, exact: true }).click();
  await member.locator(`.card a[href$="${recordingId}"]`).click();
  const replayed = member.frameLocator('.player iframe');
  await replayed.locator('h1').waitFor({ state: 'attached' });
  await member.keyboard.press('End');
  await member.getByRole('button', { name: 'Play again' }).waitFor();

  expect(await replayed.locator('h1').textContent()).toBe('***** ***'); // Thank you
  expect(new URL(member.url()).pathname).toBe(`/sites/${SHOP_SITE}/recordings/${recordingId}`);
}, 120_000);

test('at four moments everything in the replay lies where it lay in the page', async ({ task }) => {
  const address = member.url().split('?')[0]!;
  const found: string[] = [];
  for (const [index, { atMs, boxes }] of moments.entries()) {
    const replayed = await openReplay(member, address, atMs, VIEWPORT);
    const apart = boxesApart(boxes, await replayed.locator('html').evaluate(boxesOf));
    found.push(...apart.map((line) => `moment ${index + 1}: ${line}`));
    const box = (await member.locator('.player iframe').boundingBox())!;
    await writeFile(`${STILLS}shop-${index + 1}-replayed.png`, await member.screenshot({ clip: { ...box, ...VIEWPORT } }));
  }
  Object.assign(task.meta, {
    figures: `${moments.map(({ boxes }) => boxes.length).join(' + ')} boxes, compared to within ${MAX_PX_APART} px`,
  });

  expect(found.join('\n')).toBe('');
}, 120_000);

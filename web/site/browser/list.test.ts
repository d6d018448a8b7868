/** A list of large recordings: how much is loaded and built for it, and that it stays usable meanwhile. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type FakeApi, SITE, type Visit, events, json, problem, recording } from './given';
import { element } from './hostile/nodes';
import { oneVisitATest } from './one-visit-a-test';
import { PICTURES } from './pictures';

const COUNT = 60;
const AT = Date.UTC(2026, 8, 1);
const META = { type: 4, timestamp: AT, data: { href: 'https://shop.example/', width: 1280, height: 800 } };
const END = { type: 5, timestamp: AT + 65_000, data: { tag: 'end', payload: {} } };
const ROW_STYLE = 'display: inline-block; width: 80px; margin: 2px; padding: 4px; background: #dfe7f3; font: 12px sans-serif';

/** A page with this many elements, each with a text; `filler` makes it larger. */
function pageOf(elements: number, filler = ''): object {
  const rows = Array.from({ length: elements }, (_, n) => element('div', { style: ROW_STYLE }, `row ${n} of the page`));
  const body = element('body', { 'data-filler': filler }, element('h1', {}, 'A large page'), ...rows);
  const node = { type: 0, id: 1, childNodes: [element('html', {}, element('head'), body)] };
  return { type: 2, timestamp: AT + 1, data: { node, initialOffset: { left: 0, top: 0 } } };
}

const LARGE = [META, pageOf(2_300), END].map((event) => JSON.stringify(event));
/** The recordings that differ from the others, by number. */
const SPECIAL: Readonly<Record<number, readonly string[]>> = {
  59: [META, pageOf(4, 'x'.repeat(12_000_000)), END].map((event) => JSON.stringify(event)), // more bytes than are loaded
  58: [META, pageOf(4_000), END].map((event) => JSON.stringify(event)), // more nodes than are built
  57: [META, pageOf(4), END].map((event) => JSON.stringify(event, undefined, 1).replaceAll('\n', ' ')), // as other programs write JSON
  56: [JSON.stringify(META), '{"type":2,"timestamp":1,"data":{"node":{"type":2,"id":1,"tagName":"p"}}}'], // not a page
};

const visitSite = oneVisitATest();
let visit: Visit;

const heavyRecordings: FakeApi = (path) => {
  const n = Number(/recording-(\d+)\/events/.exec(path)?.[1]);
  if (n) return events(SPECIAL[n] ?? LARGE);
  const recordings = Array.from({ length: COUNT }, (_, index) => recording(COUNT - index));
  return json({ recordings: path.includes('page=') ? recordings.filter((one) => one.pageTitle === 'Page 7') : recordings, lookedThrough: COUNT });
};

async function openList(size: { width?: number; height?: number } = {}): Promise<Page> {
  visit = await visitSite(heavyRecordings, size);
  await visit.page.goto(SITE);
  return visit.page;
}

const card = (page: Page, n: number) => page.locator('.card', { hasText: new RegExp(`Page ${n}(?!\\d)`) });
const still = (page: Page, n: number) => card(page, n).locator('.first-picture:not(.unfinished) iframe');

test('stills are built one at a time', async () => {
  let answer = () => {};
  const held = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
  const waiting = [META, pageOf(4, `data:image/png;base64,rrweb-asset:${'ab'.repeat(32)}`), END].map((event) => JSON.stringify(event));
  visit = await visitSite(async (path, method) => {
    if (path.includes('/events')) return events(waiting);
    return path.startsWith('/assets/') ? ((await held) ?? problem(404, 'Not found', 'No such asset.')) : heavyRecordings(path, method);
  });
  const { page } = visit;
  await page.goto(SITE);
  await page.locator('.first-picture').first().waitFor({ state: 'attached' });
  for (const n of [60, 59, 58]) await card(page, n).locator('.badge.length').waitFor();
  const whileHeld = await page.locator('.first-picture').count();
  answer();
  await still(page, 58).waitFor();

  expect(whileHeld).toBe(1);
});

test('only cards near the screen have a still', async () => {
  const page = await openList();
  await still(page, 60).waitFor();
  await page.getByText('Page 1', { exact: true }).scrollIntoViewIfNeeded();
  await still(page, 1).waitFor();

  expect(await card(page, 60).locator('iframe').count()).toBe(0);
  expect(visit.asked.filter((path) => path.includes('cursor') && path.includes('/events'))).toEqual([]);
});

test('a recording that is too large for a still has its letter, and the next ones have a still', async () => {
  const page = await openList();
  await still(page, 57).waitFor();
  await still(page, 55).waitFor();
  const shown = async (n: number) => ({
    stills: await still(page, n).count(),
    letter: await card(page, n).locator('.letter').isVisible(),
    length: await card(page, n).locator('.badge.length [aria-hidden]').allTextContents(),
  });

  expect(await shown(59)).toEqual({ stills: 0, letter: true, length: [] });
  expect(await shown(58)).toEqual({ stills: 0, letter: true, length: ['1:05'] });
  expect(await shown(57)).toEqual({ stills: 1, letter: true, length: ['1:05'] });
  expect(visit.complaints).toEqual([]);
});

test('cards and rows alike tell screen readers that a recording is longer than what is loaded of it', async () => {
  visit = await visitSite((path, method) => (path.includes('/events') ? events(LARGE, { more: true }) : heavyRecordings(path, method)));
  const { page } = visit;
  await page.goto(SITE);
  const spoken = (item: string) => page.locator(`${item} .length`, { hasText: '+' }).first().locator('.unseen').textContent();
  const ofCard = await spoken('.card');
  await page.getByRole('button', { name: 'Rows' }).click();

  expect(ofCard).toBe('more than 1 minute 5 seconds');
  expect(await spoken('.recording-row')).toBe(ofCard);
});

test('three cards at a time request events, and none that has left the screen', async () => {
  const never = new Promise<undefined>(() => {});
  visit = await visitSite((path, method) =>
    /recording-[3-6]\d\/events/.test(path) ? never : heavyRecordings(path, method),
  );
  const ended: string[] = [];
  visit.page.on('requestfailed', (request) => ended.push(request.url().replace(/.*(recording-\d+).*/, '$1')));
  await visit.page.goto(SITE);
  const asked = () => visit.asked.filter((path) => path.includes('/events')).map((path) => path.replace(/.*(recording-\d+).*/, '$1'));
  await expect.poll(asked, { timeout: 40_000 }).toHaveLength(3);
  await visit.page.getByText('Page 1', { exact: true }).scrollIntoViewIfNeeded();
  await still(visit.page, 1).waitFor();

  expect(asked().slice(0, 3)).toEqual(['recording-60', 'recording-59', 'recording-58']);
  expect(ended).toEqual(expect.arrayContaining(['recording-60', 'recording-59', 'recording-58']));
});

test('the list can be used while stills are being built', async () => {
  const page = await openList();
  await page.locator('.first-picture').first().waitFor({ state: 'attached' });
  await page.getByRole('searchbox').fill('page-7');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove the filter Address: page-7' }).waitFor();
  await still(page, 7).waitFor();

  expect(await page.locator('.card').count()).toBe(1);
  expect(await page.locator('.card iframe').count()).toBe(1);
});

test.for([1280, 390])('the list of large recordings fits its window, %d wide', async (width) => {
  const page = await openList({ width });
  await still(page, 60).waitFor();
  await page.locator('.badge.length').first().waitFor();
  await page.screenshot({ path: `${PICTURES}/recordings-large-${width}.png` });

  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

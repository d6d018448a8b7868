/** How the list is narrowed, ordered and shown: in the address, asked of the API, and kept on the way back. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, problem, recording, watchedSite } from './given';
import { oneVisitATest } from './one-visit-a-test';

const visitSite = oneVisitATest();
let visit: Visit;

/** Recording 2 has errors and is the longer one, and nothing fits a user. */
const api: FakeApi = (path) => {
  const { pathname, searchParams } = new URL(path, SITE);
  if (pathname.endsWith('/events')) return events(path.includes('cursor=') ? [] : SESSION_LINES);
  if (/recording-\d$/.test(pathname)) return json(recording(2));
  if (searchParams.has('user')) return json({ recordings: [], lookedThrough: 1_000, ...(searchParams.has('cursor') ? {} : { nextCursor: 'more' }) });
  const longer = recording(2, { errors: 3, durationMs: 130_000 });
  return json({ recordings: searchParams.has('errors') ? [longer] : [recording(3, { durationMs: 60_000 }), longer, recording(1)], lookedThrough: 3 });
};

async function open(path: string, answer = api): Promise<Page> {
  visit = await visitSite(answer, { sites: [watchedSite('shop')] });
  await visit.page.goto(SITE + path);
  return visit.page;
}

const items = (page: Page, count: number) => expect.poll(() => page.locator('.listed > li').count(), { timeout: 40_000 }).toBe(count);
const titles = (page: Page) => page.locator('.listed .title').allTextContents(); // innerText is empty before it is drawn
const query = (page: Page): string => new URL(page.url()).search;
const asked = () => new URLSearchParams(visit.asked.filter((path) => path.startsWith('/recordings?') && !path.includes('limit=12')).at(-1)!.split('?')[1]);

test('filter, order and look are part of the address, so reload, Back and the way back from a recording keep them', async () => {
  const page = await open('/sites/shop');
  await items(page, 3);
  await page.getByLabel('Order').selectOption('Longest first');
  await page.getByRole('button', { name: 'Rows' }).click();
  await page.locator('.rows').waitFor();
  expect(await titles(page)).toEqual(['Page 2', 'Page 3', 'Page 1']);
  await page.getByRole('button', { name: 'Errors', exact: true }).click();
  await items(page, 1);
  expect(query(page)).toBe('?errors=true&sort=longest&density=rows');
  await page.reload();
  await page.getByRole('button', { name: 'Errors', exact: true, pressed: true }).waitFor();
  await page.getByText('All 3 recordings looked through, found 1.').waitFor();
  const [tab] = await Promise.all([visit.context.waitForEvent('page'), page.locator('.recording-row').click({ modifiers: ['ControlOrMeta'] })]);
  await tab.waitForURL('**/sites/shop/recordings/recording-2');
  await tab.close();
  await page.getByRole('link', { name: 'Page 2' }).click();
  await page.reload(); // which forgets what is only in memory
  await page.getByRole('link', { name: 'Recordings of shop' }).click();
  await items(page, 1);
  expect(query(page)).toBe('?errors=true&sort=longest&density=rows');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await items(page, 3);
  expect(query(page)).toBe('?sort=longest&density=rows');
  await page.goBack();
  await items(page, 1);
  await page.goto(`${SITE}/sites/shop`); // the look that was chosen last, where the address names none
  await page.locator('.rows > li').first().waitFor();
});

test('texts, lengths, devices and times narrow the list together', async () => {
  const page = await open('/');
  await page.getByLabel('Look for').selectOption('Tag');
  await page.getByRole('searchbox', { name: 'Tag' }).fill('plan:"pro" & ü');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByLabel('Look for').selectOption('Address');
  await page.getByRole('searchbox', { name: 'Address' }).fill('bücher.example/ü');
  await page.keyboard.press('Enter');
  await page.getByLabel('Length').selectOption('1 minute or more');
  await page.getByLabel('Device').selectOption('Phone');
  await page.getByLabel('When').selectOption('Today');
  await page.getByRole('button', { name: 'Remove the filter Tag: plan:"pro" & ü' }).waitFor();

  await expect.poll(() => asked().get('from'), { timeout: 40_000 }).toBe(`${new Date().setHours(0, 0, 0, 0)}`);
  expect(Object.fromEntries(asked())).toMatchObject({ tag: 'plan:"pro" & ü', page: 'xn--bcher-kva.example/%C3%BC', minDurationMs: '60000', device: 'phone' });
  expect(new URLSearchParams(query(page)).get('since')).toBe('today');
});

test('two times to the minute narrow the list, and Back, the address and the quick choices set them', async () => {
  const page = await open('/?since=yesterday');
  await items(page, 3);
  await page.getByLabel('When').selectOption('Between …');
  const today = new Date(new Date().setHours(0, 0, 0, 0)).getTime();
  await expect.poll(() => asked().get('to'), { timeout: 40_000 }).toBe(`${today - 1}`);
  await page.getByLabel('From').fill('2026-09-01T10:30');
  await page.keyboard.press('Enter');
  await page.getByLabel('Until').fill('2026-09-01T10:29');
  await page.getByText('no recording fits').waitFor();
  await page.getByLabel('Until').fill('2026-09-01T10:31');
  await page.getByLabel('From').focus();
  const [from, to] = [new Date(2026, 8, 1, 10, 30).getTime(), new Date(2026, 8, 1, 10, 31, 59, 999).getTime()].map(String);
  await expect.poll(() => [asked().get('from'), asked().get('to')], { timeout: 40_000 }).toEqual([from, to]);
  expect(query(page)).toBe(`?from=${from}&to=${to}`);
  await page.reload();
  await expect.poll(() => page.getByLabel('Until').inputValue(), { timeout: 40_000 }).toBe('2026-09-01T10:31');
  await page.goBack();
  await expect.poll(() => page.getByLabel('Until').inputValue(), { timeout: 40_000 }).toBe('2026-09-01T10:29');
  await page.goForward();
  await page.getByLabel('When').selectOption('Today');
  await page.getByLabel('From').waitFor({ state: 'detached' });
  await page.goBack();
  await expect.poll(() => page.getByLabel('From').inputValue(), { timeout: 40_000 }).toBe('2026-09-01T10:30');
});

test('a list without what is looked for says through how many it looked, and leads back', async () => {
  const page = await open('/?user=nobody&from=5&to=x');
  await page.getByRole('heading', { name: 'No recording fits these filters' }).waitFor();
  expect(await page.locator('.notice').innerText()).toContain('2,000 recordings were looked through');
  expect(await page.locator('.chip.added').allInnerTexts()).toEqual([expect.stringContaining('User: nobody'), expect.stringContaining('Until x')]);
  expect([await page.getByLabel('From', { exact: true }).inputValue(), await page.getByLabel('Until', { exact: true }).inputValue()]).toEqual(['1970-01-01T00:00', '']);
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await items(page, 3);
});

test('a search goes on by itself until it is stopped, goes on from there, and says when it is over', async () => {
  const holds: (() => void)[] = [];
  const page = await open('/?user=ada', async (path) => {
    const cursor = Number(new URL(path, SITE).searchParams.get('cursor') ?? 0);
    if (path.includes('/events')) return events(SESSION_LINES);
    await new Promise<void>((resolve) => holds.push(resolve));
    return json({ recordings: [recording(9 - cursor)], lookedThrough: 1_000, ...(cursor < 3 ? { nextCursor: `${cursor + 1}` } : {}) });
  });
  const answerNext = async (count: number) => {
    await expect.poll(() => holds.length, { timeout: 40_000 }).toBe(1);
    holds.shift()!();
    await items(page, count);
  };
  await answerNext(1);
  await page.getByText('Searching … Looked through 1,000 recordings, found 1.').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await answerNext(2);
  await page.getByText('Stopped. Looked through 2,000 recordings, found 2.').waitFor();
  expect([holds.length, await page.locator('.search-state .spinner').count()]).toEqual([0, 0]);
  await page.getByRole('button', { name: 'Go on' }).click();
  await answerNext(3);
  await answerNext(4);
  await page.getByText('All 4,000 recordings looked through, found 4.').waitFor();
});

test('the order is of what is loaded, which it says, and more is loaded when asked for', async () => {
  const page = await open('/?sort=errors&density=rows', (path) => {
    if (path.includes('/events')) return events(SESSION_LINES);
    if (path.includes('cursor')) return json({ recordings: [recording(1, { errors: 9 })], lookedThrough: 1 });
    return json({ recordings: Array.from({ length: 30 }, (_, n) => recording(40 - n, { errors: n === 9 ? 1 : 0, durationMs: 60_000 })), lookedThrough: 30, nextCursor: 'more' });
  });
  await items(page, 30);
  expect([(await titles(page))[0], await page.locator('.totals').innerText()]).toEqual(['Page 31', '30 recordings loaded · 30 min · 1 error · Most errors first of the 30 loaded; there are more']);
  await page.getByRole('button', { name: 'Load more' }).click();
  await items(page, 31);

  expect([(await titles(page))[0], await page.locator('.totals').innerText()]).toEqual(['Page 1', '31 recordings · 30 min · 10 errors']);
});

test('a view is saved, renamed, opened, deleted and brought back, and is of one owner', async () => {
  const page = await open('/?errors=true&page=/cart');
  const view = (name: string) => page.locator('.views').getByRole('link', { name, exact: true });
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByLabel('Name of the view').fill('All');
  await page.keyboard.press('Enter');
  await page.getByText('There is a view named “All”.').waitFor();
  await page.getByLabel('Name of the view').fill('Broken cart');
  await page.keyboard.press('Enter');
  await view('Broken cart').waitFor();
  await page.getByRole('button', { name: 'Rename the view Broken cart' }).click();
  await page.getByLabel('Name of the view').fill('عربة "<b>"');
  await page.keyboard.press('Enter');
  await view('All').click();
  await items(page, 3);
  await page.reload();
  await view('عربة "<b>"').click();
  await items(page, 1);
  expect(query(page)).toBe('?errors=true&page=%2Fcart');
  expect(await page.locator('.view[aria-current]').allInnerTexts()).toEqual(['عربة "<b>"']);
  await page.getByRole('button', { name: 'Delete the view' }).click();
  await view('عربة "<b>"').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await view('عربة "<b>"').waitFor();
  await page.goto(`${SITE}/sites/shop`);
  await items(page, 3);
  expect(await page.locator('.view').allInnerTexts()).toEqual(['All', 'With errors', 'Failed requests', 'Rage clicks', 'Today']);
});

test('a list whose refresh fails says since when, and is up to date again when the API answers', async () => {
  let isDown = false;
  const page = await open('/', (path, method) => (isDown && !path.includes('/events') ? problem(503, 'Busy', 'Later.') : api(path, method)));
  await items(page, 3);
  isDown = true;
  await page.getByText('Not updated since').waitFor({ timeout: 40_000 });
  const shown = await page.locator('.listed > li').count();
  isDown = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Not updated since').waitFor({ state: 'detached' });

  expect(shown).toBe(3);
});

test('of a thousand rows only those near the screen are drawn, and the keys go on through them', async () => {
  const count = 1_000;
  const page = await open('/?density=rows', (path) =>
    path.includes('/events') ? events([]) : json({ recordings: Array.from({ length: count }, (_, n) => recording(count - n, { durationMs: 5_000, errors: n % 3, user: 'ada@example.com' })), lookedThrough: count }),
  );
  await items(page, count);
  const drawn = () =>
    page.evaluate(() => [...document.querySelectorAll('.recording-row .url')].filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).length);
  await expect.poll(drawn, { timeout: 40_000 }).toBeLessThan(100);
  expect(await page.locator('.listed').evaluate((list) => list.scrollHeight - list.clientHeight)).toBe(0); // the page scrolls, not the list
  await page.locator('[data-id=recording-3] .open').focus();
  await page.keyboard.press('j');

  expect(await page.evaluate(() => (document.activeElement as HTMLElement).innerText)).toBe('Page 2');
  await expect.poll(() => page.evaluate(() => document.activeElement!.closest('li')!.getBoundingClientRect().top < innerHeight), { timeout: 40_000 }).toBe(true);
});

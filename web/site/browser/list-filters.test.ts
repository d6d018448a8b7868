/** Filters of the list: in the address, asked of the API, and kept on the way back. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, recording, visitSite, watchedSite } from './given';

let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
});
afterEach(() => visit.context.close());
afterAll(() => browser.close());

/** Recording 2 has errors, and nothing fits a user. */
const api: FakeApi = (path) => {
  const { pathname, searchParams } = new URL(path, SITE);
  if (pathname.endsWith('/events')) return events(path.includes('cursor=') ? [] : SESSION_LINES);
  if (/recording-\d$/.test(pathname)) return json(recording(2));
  if (searchParams.has('user')) return json({ recordings: [], lookedThrough: 1_000, ...(searchParams.has('cursor') ? {} : { nextCursor: 'more' }) });
  return json({ recordings: searchParams.has('errors') ? [recording(2)] : [recording(2), recording(1)], lookedThrough: 2 });
};

async function open(path: string): Promise<Page> {
  visit = await visitSite(browser, api, { sites: [watchedSite('shop')] });
  await visit.page.goto(SITE + path);
  return visit.page;
}

const cards = (page: Page, count: number) => expect.poll(() => page.locator('.card').count()).toBe(count);
const query = (page: Page): string => new URL(page.url()).search;

test('a filter is part of the address, so reload, Back and the way back from a recording keep it', async () => {
  const page = await open('/sites/shop');
  await cards(page, 2);
  await page.getByRole('button', { name: 'Errors' }).click();
  await cards(page, 1);
  expect(query(page)).toBe('?errors=true');
  await page.reload();
  await page.getByRole('button', { name: 'Errors', pressed: true }).waitFor();
  await page.getByText('Looked through 2 recordings.').waitFor();
  await page.locator('.card').click();
  await page.getByRole('link', { name: 'Recordings of shop' }).click();
  await cards(page, 1);
  expect(query(page)).toBe('?errors=true');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await cards(page, 2);
  expect(query(page)).toBe('');
  await page.goBack();
  await cards(page, 1);
});

test('texts, lengths, devices and times narrow the list together', async () => {
  const page = await open('/');
  await page.getByLabel('Look for').selectOption('Tag');
  await page.getByRole('textbox', { name: 'Tag' }).fill('plan:"pro" & ü');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByLabel('Length').selectOption('1 minute or more');
  await page.getByLabel('Device').selectOption('Phone');
  await page.getByLabel('When').selectOption('Today');
  await page.getByRole('button', { name: 'Remove the filter Tag: plan:"pro" & ü' }).waitFor();

  const asked = () => new URLSearchParams(visit.asked.filter((path) => path.startsWith('/recordings?')).at(-1)!.split('?')[1]);
  await expect.poll(() => asked().get('from')).toBe(`${new Date().setHours(0, 0, 0, 0)}`);
  expect(Object.fromEntries(asked())).toMatchObject({ tag: 'plan:"pro" & ü', minDurationMs: '60000', device: 'phone' });
});

test('a list without what is looked for says through how many it looked, and leads back', async () => {
  const page = await open('/?user=nobody&from=5');
  await page.getByRole('heading', { name: 'No recording fits these filters' }).waitFor();
  expect(await page.locator('.notice').innerText()).toContain('2000 recordings were looked through');
  expect(await page.getByLabel('When').locator('option:checked').innerText()).toMatch(/^Since .*1970/);
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await cards(page, 2);
});

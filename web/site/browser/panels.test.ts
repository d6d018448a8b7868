/** Events, Console, Network and Details beside the player: what each shows, and how it and the player lead each other. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { FAULTY_VISIT, longVisit } from './faulty-visit';
import { type FakeApi, SITE, events, json, recording, visitSite, watchedSite } from './given';
import { watched } from './places';

const PATIENCE_MS = 40_000;

async function opened(api: FakeApi, path = '/recordings/recording-1?t=0', options: Parameters<typeof visitSite>[2] = {}) {
  const visit = await visitSite(browser, api, { width: 1400, ...options });
  visit.page.setDefaultTimeout(PATIENCE_MS);
  await visit.page.goto(SITE + path);
  await visit.page.locator('.player .round:enabled').waitFor();
  return visit;
}

/** The texts of a panel's rows that are drawn, once one of them has this text. */
async function rowsWith(page: Page, text: string): Promise<string[]> {
  await page.locator('.panel-row', { hasText: text }).first().waitFor();
  return (await page.locator('.panel-row').allInnerTexts()).map((row) => row.replaceAll('\n', ' '));
}

const open = (page: Page, panel: string) => page.getByRole('tab', { name: panel }).click();
const time = (page: Page, text: string) => page.locator('.time', { hasText: `${text} /` }).waitFor();
const current = (page: Page, text: string) => page.locator('[role=option][aria-current]', { hasText: text }).waitFor();

test('each panel shows its rows, goes to their moments, follows the player, and is searched', async () => {
  const { end, page, complaints } = await opened(watched(() => events(FAULTY_VISIT)));

  expect(await rowsWith(page, 'chat opened')).toEqual([
    '0:00 Page shop.example/lamp?colour=blue#top',
    '0:00 User User: ada@example.com',
    '0:00 Vital LCP 2.5 s (needs improvement)',
    '0:02 Click Click on “Add to cart”',
    '0:02 Event added to cart',
    '0:03 Input Type “***************” in “E-mail”',
    '0:04 Input Choose “Gift wrap”',
    '0:06 Page shop.example/checkout#/pay',
    '0:06 Vital CLS 0.310 (poor)',
    '0:08 Click Click on “Pay now”',
    '0:09 Error Cannot read properties of undefined (reading "id")',
    '0:09 Click Click on “Pay now”',
    '0:09 Click Click on “Pay now”',
    '0:09 Click Click on “Pay now”',
    '0:09 Rage Rage click on “Pay now”',
    '0:11 Dead Dead click on “Pay now”',
    '0:12 Error Unhandled rejection: Failed to fetch',
    '0:12 Missing Around here, 12 events were not stored',
    '0:12 Event chat opened',
  ]);
  await page.getByRole('tabpanel').getByRole('option', { name: 'added to cart' }).click();
  await time(page, '0:02');
  await current(page, 'added to cart');
  await page.getByRole('region', { name: 'Details of the row' }).getByText('"product": "lamp"').waitFor();
  await page.getByLabel('Kinds of events').selectOption('Trouble');
  expect((await rowsWith(page, 'Unhandled')).length).toBe(4);
  await page.getByLabel('Kinds of events').selectOption('All kinds');

  await open(page, 'Console');
  expect(await rowsWith(page, 'low stock')).toEqual(['0:00 log The shop is open {"lamps":3}', '0:04 warn low stock {"left":1}', '0:09 error Payment failed: 500 Internal Server Error']);
  await page.getByRole('tabpanel').getByRole('option', { name: 'Payment failed' }).click();
  await time(page, '0:09');
  await page.getByText('checkout (https://shop.example/shop.js:12:7)').waitFor();
  await page.getByRole('button', { name: 'Log 1' }).click();
  await page.getByRole('tabpanel').getByRole('option', { name: 'The shop is open' }).waitFor({ state: 'detached' });

  await open(page, 'Network');
  expect(await rowsWith(page, '/api/pay')).toEqual(
    ['0:00 GET /api/lamps?page=1 200 120 ms', '0:00 GET /pictures/lamp.webp 200 300 ms', '0:08 POST /api/pay 500 812 ms', '0:11 GET /api/status failed 900 ms'],
  );
  await page.getByRole('button', { name: 'Failed 2' }).click();
  await page.getByRole('tabpanel').getByRole('option', { name: '/api/lamps' }).waitFor({ state: 'detached' });
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('0af7651916cd');
  await page.getByRole('tabpanel').getByRole('option', { name: '/api/status' }).waitFor({ state: 'detached' });
  await page.getByRole('tabpanel').getByRole('option', { name: '/api/pay' }).click();
  await time(page, '0:08');
  await page.getByText('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01').waitFor();

  await open(page, 'Details');
  await page.getByText('"plan": "pro"').waitFor();
  await page.getByText('recording-1', { exact: true }).waitFor();
  await end();

  expect(complaints).toEqual([]);
});

test('by keyboard, tabs change and rows are gone through, and the player keeps its own keys', async () => {
  const { end, page } = await opened(watched(() => events(FAULTY_VISIT)));
  await rowsWith(page, 'chat opened');
  await page.getByRole('tab', { name: 'Events' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('[role=tab][aria-selected=true]:focus', { hasText: 'Console' }).waitFor();
  await time(page, '0:00');
  await page.keyboard.press('Home');
  await page.getByRole('listbox', { name: 'Events' }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.locator('[role=option][aria-selected=true]', { hasText: 'Missing' }).waitFor();
  await time(page, '0:00');
  await page.keyboard.press('Enter');
  await time(page, '0:12');
  await page.keyboard.press('ArrowLeft');
  await page.locator('.time', { hasText: /0:02 \// }).waitFor();
  await end();
});

test('20,000 rows are few elements, and the list stays where it was scrolled to', async () => {
  const { end, page, complaints } = await opened(watched(() => events(longVisit(20_000))));
  await open(page, 'Console');
  await rowsWith(page, 'The shop is open');
  const rows = page.getByRole('tabpanel').getByRole('listbox');
  const counts: number[] = [];
  for (const part of [0.25, 0.5, 1]) {
    await rows.hover();
    await page.mouse.wheel(0, 100); // a user scrolls
    await rows.evaluate((list, to) => list.scrollTo(0, list.scrollHeight * to), part);
    const wanted = Math.round(20_000 * part) - 100;
    await expect.poll(async () => Math.max(...(await page.locator('.panel-row').evaluateAll((options) => options.map((one) => Number(one.getAttribute('aria-posinset')))))), { timeout: PATIENCE_MS }).toBeGreaterThan(wanted);
    counts.push(await page.locator('.panel-row').count());
  }
  const hostile = page.getByRole('tabpanel').getByRole('option', { name: 'onerror' });
  const kept = (await hostile.innerText()).length;
  const from = await rows.evaluate((list) => list.scrollTop);
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.time', { hasText: /0:10 \// }).waitFor();
  const stayed = (await rows.evaluate((list) => list.scrollTop)) === from;
  await page.getByRole('button', { name: 'Follow the player' }).click();
  await page.locator('[role=option][aria-current]').waitFor();
  const images = await page.locator('.panels img, .panels a[href^="javascript"]').count();
  await end();

  expect(Math.max(...counts)).toBeLessThan(80);
  expect(kept).toBeLessThan(1_100);
  expect({ stayed, images }).toEqual({ stayed: true, images: 0 });
  expect(complaints).toEqual([]);
});

const VISITOR = '0b7f9a52-55b5-4f0f-9d8c-3f2a1c9f7e10';
const shop: FakeApi = (path) => {
  if (path.includes('/events')) return events(FAULTY_VISIT);
  if (path.includes('visitor=')) return json({ recordings: [recording(1, { visitorId: VISITOR }), recording(7, { visitorId: VISITOR, errors: 2 })], lookedThrough: 2 });
  if (path.startsWith('/sites/shop/recordings?')) return json({ recordings: [recording(1, { visitorId: VISITOR })], lookedThrough: 1 });
  return json(recording(1, { visitorId: VISITOR }));
};

test('a result of a filtered list opens at what matched, and the visitor’s other recordings are listed', async () => {
  const { end, page, asked } = await visitSite(browser, shop, { width: 1400, sites: [watchedSite('shop')] });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${SITE}/sites/shop?failedRequests=true`);
  await page.locator('a[href*="recording-1"]').first().click();
  await time(page, '0:08');
  await current(page, '/api/pay');
  await page.getByText('In the list because of the first failed request').waitFor();
  await open(page, 'Details');
  await page.locator('.others a').waitFor();
  const others = await page.locator('.others a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  await end();

  expect(others).toEqual(['/sites/shop/recordings/recording-7']);
  expect(asked.filter((path) => path.includes(`visitor=${VISITOR}`))).toHaveLength(1);
});

test('the timeline marks what matters, keys and the legend lead to it, and speed and skipping are remembered', async () => {
  const { end, page } = await opened(watched(() => events(FAULTY_VISIT)));
  expect(await page.getByRole('group', { name: 'Marks on the timeline' }).getByRole('button').allInnerTexts()).toEqual(
    ['3 errors', '2 failed requests', '2 rage and dead clicks', '2 custom events', '5 clicks'],
  );
  for (const [key, moment] of [['e', '0:08'], ['e', '0:09'], ['Shift+E', '0:08'], ['c', '0:09'], ['Shift+C', '0:08'], ['Shift+C', '0:02']] as const) {
    await page.keyboard.press(key);
    await time(page, moment);
  }
  await page.getByRole('button', { name: '2 failed requests' }).click();
  await time(page, '0:08');
  await page.getByRole('button', { name: '10 seconds back' }).click();
  await time(page, '0:00');
  const track = (await page.locator('.track').boundingBox())!;
  await page.mouse.move(track.x + (track.width * 8_050) / 16_000, track.y + 3);
  await page.locator('.pointed', { hasText: 'POST /api/pay failed' }).waitFor();
  expect(await page.locator('.pointed strong').innerText()).toBe('0:08');
  await page.getByLabel('Speed').selectOption('4');
  await page.getByLabel('Skip idle').uncheck();
  await page.reload();
  await page.locator('.player .round:enabled').waitFor();
  const kept = [await page.getByLabel('Speed').inputValue(), await page.getByLabel('Skip idle').isChecked()];
  await end();

  expect(kept).toEqual(['4', false]);
});

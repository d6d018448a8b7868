/** Two minutes of work, a night, and two more: both are worked by mouse, keyboard and fingers, and the night has its name. */
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { browser } from './chromium';
import { type FakeApi, SITE, type Visit, events, json, recording, visitSite } from './given';
import { PICTURES } from './pictures';

const START_MS = Date.UTC(2026, 8, 1);
const MINUTE = 60_000;
const NIGHT_MS = 480 * MINUTE;
const TOTAL_MS = NIGHT_MS + 4 * MINUTE;

const element = (id: number, tagName: string, childNodes: object[] = []) => ({ type: 2, id, tagName, attributes: {}, childNodes });
const node = { type: 0, id: 1, childNodes: [element(2, 'html', [element(3, 'head'), element(4, 'body', [element(5, 'h1', [{ type: 3, id: 6, textContent: '0' }])])])] };
/** Each second a click, and a text that counts them. */
const second = (ms: number) => [
  { type: 3, timestamp: START_MS + ms, data: { source: 2, type: 2, id: 5, x: 20, y: 20 } },
  { type: 3, timestamp: START_MS + ms, data: { source: 0, texts: [{ id: 6, value: String(ms / 1000) }], attributes: [], removes: [], adds: [] } },
];
const seconds = (from: number) => Array.from({ length: 120 }, (_, n) => second(from + (n + 1) * 1000)).flat();
const LINES = [
  { type: 4, timestamp: START_MS, data: { href: 'https://shop.example/', width: 800, height: 600 } },
  { type: 2, timestamp: START_MS, data: { node, initialOffset: { left: 0, top: 0 } } },
  ...seconds(0),
  ...seconds(2 * MINUTE + NIGHT_MS),
].map((event) => JSON.stringify(event));
const aNight: FakeApi = (path) => (path.includes('/events') ? events(LINES) : json(recording(1, { createdAtMs: START_MS })));

let visit: Visit;
afterEach(() => visit?.end());

async function open(options: Parameters<typeof visitSite>[2] = {}): Promise<Page> {
  visit = await visitSite(browser, aNight, options);
  await visit.page.goto(`${SITE}/recordings/recording-1?t=10`);
  await visit.page.locator('.time', { hasText: '/ 8:04:00' }).waitFor();
  await expect.poll(() => shown(visit.page)).toBeLessThanOrEqual(10);
  return visit.page;
}

const slider = (page: Page) => page.getByRole('slider', { name: 'Playback position' });
const shown = async (page: Page): Promise<number> => Number(await page.frameLocator('.player > .screen iframe').locator('h1').textContent());
/** The time that the player shows, in minutes. */
async function minutes(page: Page): Promise<number> {
  const parts = (await page.locator('.time').innerText()).split(' / ')[0]!.split(':').map(Number);
  return parts.reduce((sum, part) => sum * 60 + part, 0) / 60;
}

/** Works the bar at this share of its length. */
async function at(page: Page, share: number, how: 'click' | 'tap'): Promise<void> {
  const box = (await page.locator('.track').boundingBox())!;
  const [x, y] = [box.x + share * box.width, box.y + box.height / 2];
  await (how === 'tap' ? page.touchscreen.tap(x, y) : page.mouse.click(x, y));
}

test.each([
  ['desktop', 1280, false],
  ['desktop', 1280, true],
  ['phone', 390, false],
  ['phone', 390, true],
])('both parts have half of the bar, and the night between them its name: %s, %d px, dark %s', async (name, width, dark) => {
  const how = name === 'phone' ? 'tap' : 'click';
  const page = await open({ width, dark, touch: how === 'tap' });
  await page.getByText('8 h without activity').waitFor();

  await at(page, 0.2, how);
  await expect.poll(() => minutes(page)).toBeGreaterThan(0.7);
  expect(await minutes(page)).toBeLessThan(1);
  await expect.poll(() => shown(page)).toBeGreaterThan(40);
  await at(page, 0.8, how);
  await expect.poll(() => minutes(page)).toBeGreaterThan(483);
  expect(await minutes(page)).toBeLessThan(483.3);
  await expect.poll(() => shown(page)).toBeGreaterThan(480 * 60);
  await page.locator('.player').screenshot({ path: `${PICTURES}/night-${name}${dark ? '-dark' : ''}.png` });

  const name_ = (await page.locator('.gap-name').boundingBox())!;
  const bar = (await page.locator('.scrubber').boundingBox())!;
  expect(name_.x >= bar.x && name_.x + name_.width <= bar.x + bar.width).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('an arrow key goes over the night, in both directions, and its middle says where it is', async () => {
  const page = await open();
  await at(page, 0.455, 'click');
  await slider(page).focus();

  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => minutes(page)).toBeGreaterThan(481);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(() => minutes(page)).toBeLessThan(3);
  await at(page, 0.5, 'click');

  await expect.poll(() => slider(page).getAttribute('aria-valuetext')).toMatch(/^[34] hours .* of 8 hours 4 minutes, in 7 hours 59 minutes 59 seconds without activity$/);
});

test('the night is skipped as it plays, unless idle time is to be shown', async () => {
  const page = await open();
  await at(page, 0.45, 'click');
  await page.getByRole('button', { name: 'Play', exact: true }).click();

  await expect.poll(() => minutes(page), { timeout: 40_000 }).toBeGreaterThan(482);

  await page.getByLabel('Skip idle').uncheck();
  await at(page, 0.5, 'click');
  const from = await minutes(page);
  await page.waitForTimeout(500);
  expect((await minutes(page)) - from).toBeLessThan(1);
  expect(TOTAL_MS / MINUTE).toBe(484);
});

/** A place of the timeline, by pointer or keyboard: its time, what is marked there, and a still of that moment. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { FAULTY_VISIT } from './faulty-visit';
import { SITE, events } from './given';
import { oneVisitATest } from './one-visit-a-test';
import { watched } from './places';

const visitSite = oneVisitATest();
const LENGTH_MS = 16_000;
const START_MS = Date.UTC(2026, 8, 1, 10);
const HOSTILE = { id: 90, type: 2, tagName: 'img', attributes: { src: 'https://tracker.example/seen.png', onerror: 'parent.hacked = true' }, childNodes: [] };
const LINES = [
  ...FAULTY_VISIT.slice(0, -1),
  JSON.stringify({ type: 3, timestamp: START_MS + 13_000, data: { source: 0, texts: [{ id: 9, value: 'Paid' }], attributes: [], removes: [], adds: [{ parentId: 7, nextId: null, node: HOSTILE }] } }),
  FAULTY_VISIT.at(-1)!,
];

async function opened(lines: readonly string[] = LINES) {
  const visit = await visitSite(watched(() => events(lines)), { width: 1400 });
  await visit.page.goto(`${SITE}/recordings/recording-1?t=1`);
  await visit.page.locator('.player .round:enabled').waitFor();
  return visit;
}

/** Moves the pointer to a moment of the timeline, in several steps. */
async function pointAt(page: Page, ms: number): Promise<void> {
  const track = (await page.locator('.track').boundingBox())!;
  await page.mouse.move(track.x + (track.width * ms) / LENGTH_MS, track.y + 3, { steps: 4 });
}

interface Shown {
  readonly heading: string | null;
  readonly email: string;
  readonly wrapped: boolean;
}

const shows = (page: Page, shown: Shown) => expect.poll(() => still(page), { timeout: 40_000 }).toEqual(shown);

/** What the still shows, once it is drawn. */
async function still(page: Page): Promise<Shown> {
  await page.locator('.still:not(.unfinished)').waitFor();
  return page.locator('.still iframe').evaluate((frame: HTMLIFrameElement) => {
    const inner = frame.contentDocument!;
    return { heading: inner.querySelector('h1')!.textContent, email: inner.querySelector<HTMLInputElement>('[type=email], [data-store-own-type=email]')!.value, wrapped: inner.querySelector<HTMLInputElement>('[type=checkbox]')!.checked };
  });
}

test('the pointer on the timeline shows the time, what is marked, and a still, while the player stays where it is', async () => {
  const { page, strangers } = await opened();
  await pointAt(page, 5_000);
  await shows(page, { heading: 'A lamp', email: '***************', wrapped: true });
  await pointAt(page, 8_050);
  await page.locator('.pointed', { hasText: 'POST /api/pay failed' }).waitFor();
  await shows(page, { heading: 'A lamp', email: '', wrapped: false });
  await pointAt(page, 2_500);
  await pointAt(page, 14_000);
  await shows(page, { heading: 'Paid', email: '', wrapped: false });
  const frame = await page.locator('.still iframe').evaluate((one: HTMLIFrameElement) => [one.sandbox.value, one.inert, one.closest('[aria-hidden]') !== null]);
  const box = (await page.locator('.still .replayed').boundingBox())!;
  const time = await page.locator('.time').innerText();
  await page.mouse.move(10, 10);
  await page.locator('.pointed').waitFor({ state: 'hidden' });

  expect(frame).toEqual(['allow-same-origin', true, true]);
  expect(await page.evaluate('"hacked" in window')).toBe(false);
  expect(strangers).toEqual([]);
  expect(box.width).toBeLessThanOrEqual(240);
  expect(time).toBe('0:01 / 0:16');
});

test('by keyboard the marks are gone through, each with its time, name and still, and Enter leads there', async () => {
  const { page } = await opened();
  await page.getByRole('listbox', { name: 'Moments on the timeline' }).focus();
  await page.locator('.pointed', { hasText: 'Click on “Add to cart”' }).waitFor();
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
  await page.locator('.pointed', { hasText: 'POST /api/pay failed' }).waitFor();
  await shows(page, { heading: 'A lamp', email: '', wrapped: false });
  const active = await page.getByRole('listbox', { name: 'Moments on the timeline' }).evaluate((list) => document.getElementById(list.getAttribute('aria-activedescendant')!)!.ariaLabel);
  const before = await page.locator('.time').innerText();
  await page.keyboard.press('Enter');
  await page.locator('.time', { hasText: '0:08 /' }).waitFor();
  await page.keyboard.press('Tab');
  await page.locator('.pointed').waitFor({ state: 'hidden' });

  expect({ active, before }).toEqual({
    active: '8 seconds: POST /api/pay failed',
    before: '0:01 / 0:16',
  });
});

/** The site worked by fingers alone, on a phone of 390 px. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, recording, watchedSite } from './given';
import { oneVisitATest } from './one-visit-a-test';
import { swipe } from './phone';
import { PICTURES } from './pictures';

const SIZE = { width: 390, height: 844, touch: true };

const visitSite = oneVisitATest();
let visit: Visit;

const api: FakeApi = (path) =>
  path.includes('/events') ? events(SESSION_LINES) : json(/recording-\d/.test(path) ? recording(1) : { recordings: [2, 1].map((n) => recording(n)) });

test('a recording is found, watched, moved through, and left again', async () => {
  visit = await visitSite(api, SIZE);
  const { page } = visit;
  await page.goto(SITE);
  await page.getByText('Page 1', { exact: true }).tap();
  await page.getByRole('button', { name: 'Pause' }).tap();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  const track = (await page.getByRole('slider').boundingBox())!;
  const y = track.y + track.height / 2;
  await swipe(await visit.context.newCDPSession(page), [[track.x + 12, y]], [[track.x + track.width / 2, y]]);
  await expect.poll(() => clockOf(page)).toBeGreaterThan(7);
  const stills = await page.locator('.still').count(); // a finger covers them
  await page.getByRole('button', { name: 'Full screen' }).tap();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement?.className)).toBe('player');
  await page.screenshot({ path: `${PICTURES}/touch-full-screen.png` });
  await page.getByRole('button', { name: 'Full screen' }).tap();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
  await page.getByRole('button', { name: 'Copy a link to this moment' }).tap();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('link', { name: 'Recordings' }).first().tap();
  await page.getByText('Page 2', { exact: true }).waitFor();

  expect(stills).toBe(0);
  expect(link).toMatch(/recording-1\?t=\d/);
  expect(visit.complaints).toEqual([]);
});

async function clockOf(page: Page): Promise<number> {
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(await page.locator('.time').innerText())!;
  return 60 * Number(minutes) + Number(seconds);
}

test('the switch between sites opens and closes by taps', async () => {
  visit = await visitSite(api, { ...SIZE, sites: [watchedSite('shop')] });
  const { page } = visit;
  await page.goto(SITE);
  await page.getByRole('button', { name: /^Showing/ }).tap();
  await page.getByRole('link', { name: 'shop' }).or(page.getByRole('menuitem', { name: 'shop' })).first().tap();

  await expect.poll(() => page.url()).toBe(`${SITE}/sites/shop`);
});

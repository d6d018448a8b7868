/** The page of a recording around its player: the address, the recordings beside it, the file, and what fits the screen. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, recording } from './given';
import { oneVisitATest } from './one-visit-a-test';

const visitSite = oneVisitATest();
let visit: Visit;

const LONG = { pageTitle: 'A title that does not end '.repeat(40), pageUrl: `https://shop.example/${'deeper/'.repeat(60)}` };

/** Three recordings with these events, in two pages each. */
function threeWith(lines: readonly string[], change: object = {}): FakeApi {
  return (path) => {
    if (path.includes('/events?cursor=two')) return events(lines.slice(40));
    if (path.includes('/events')) return events(lines.slice(0, 40), { next: 'two', more: true });
    const n = /^\/recordings\/recording-(\d)/.exec(path)?.[1];
    return json(n ? recording(Number(n), change) : { recordings: [3, 2, 1].map((one) => recording(one, change)) });
  };
}

const addressOf = (page: Page): Promise<string> => page.evaluate(() => location.pathname + location.search);
const title = (page: Page): Promise<string> => page.evaluate(() => document.title);

test('the moment is kept in the address, over a reload, and Back leads to the list', async () => {
  visit = await visitSite(threeWith(SESSION_LINES));
  const { page } = visit;
  await page.goto(SITE);
  await page.locator('.card').nth(1).click();
  await expect.poll(() => addressOf(page), { timeout: 40_000 }).toMatch(/\?t=[\d.]+$/); // while it plays
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => addressOf(page), { timeout: 40_000 }).toBe('/recordings/recording-2?t=10');
  expect(await title(page)).toBe('Page 2 · rrweb store');
  await page.reload();
  await page.locator('.time', { hasText: '0:10 / 0:19' }).waitFor();
  await page.goto(`${SITE}/recordings/recording-2?t=0m7.5s`);
  await page.locator('.time', { hasText: '0:07 / 0:19' }).waitFor();
  await page.goBack();
  await page.goBack();

  await page.locator('.card').nth(1).waitFor();
  expect(await addressOf(page)).toBe('/');
  expect(await title(page)).toBe('Recordings · rrweb store');
});

test('links and keys lead through the recordings of the list, in its order', async () => {
  visit = await visitSite(threeWith(SESSION_LINES));
  const { page } = visit;
  await page.goto(SITE);
  await page.locator('.card').nth(2).click();
  await page.getByRole('heading', { name: 'Page 1' }).waitFor();
  expect(await page.getByRole('button', { name: 'Next recording' }).isDisabled()).toBe(true);
  await page.getByRole('link', { name: 'Previous recording' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Page 2' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Previous recording');
  await page.getByRole('link', { name: 'Next recording' }).click();
  await page.getByRole('heading', { name: 'Page 1' }).waitFor();
  await page.keyboard.press('Shift+ArrowDown'); // there is none
  await page.keyboard.press('Shift+ArrowUp');
  await page.getByRole('heading', { name: 'Page 2' }).waitFor();
  await page.frameLocator('.player iframe').locator('h1').waitFor({ state: 'attached' });

  expect(await addressOf(page)).toMatch(/^\/recordings\/recording-2/);
  expect(await title(page)).toBe('Page 2 · rrweb store');
});

test('the events are saved as a file', async () => {
  visit = await visitSite(threeWith(SESSION_LINES));
  const { page } = visit;
  await page.goto(`${SITE}/recordings/recording-2`);
  await page.getByRole('button', { name: 'Download' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Events (NDJSON)' }).click()]);
  const saved = await readFile(await download.path(), 'utf8');

  expect(download.suggestedFilename()).toBe('recording-2.ndjson');
  expect(saved.trimEnd().split('\n')).toEqual(SESSION_LINES);
});

test('a download that fails says so, and one that takes long can be cancelled', async () => {
  let answer: FakeApi = threeWith(SESSION_LINES);
  visit = await visitSite((path, method) => answer(path, method));
  const { page } = visit;
  await page.goto(`${SITE}/recordings/recording-2?t=1`);
  await page.locator('.time', { hasText: '0:01 / 0:19' }).waitFor();
  answer = () => json({ title: 'Gone' }, 404);
  const saveEvents = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByRole('button', { name: 'Events (NDJSON)' }).click();
  };
  await saveEvents();
  await page.getByText('The download failed: Gone').waitFor();
  answer = () => new Promise(() => {});
  await saveEvents();
  await page.getByText('0.0 MB collected').waitFor();
  await page.getByRole('button', { name: 'Cancel the download' }).click();

  await page.getByRole('button', { name: 'Download' }).waitFor();
  expect(await page.getByText('collected').count()).toBe(0);
});

test('every control can be seen on each screen, whatever the title is', async () => {
  visit = await visitSite(threeWith(SESSION_LINES, LONG));
  await visit.page.goto(SITE);
  await visit.page.locator('.card').nth(1).click();
  await visit.page.locator('.time', { hasText: '0:19' }).waitFor();

  expect([await seenAt(1280, 800), await seenAt(390, 844), await seenAt(844, 390), await seenAt(2560, 1440)]).toEqual([
    { hidden: [], isLarge: true },
    { hidden: [], isLarge: true },
    { hidden: [], isLarge: true },
    { hidden: [], isLarge: true },
  ]);
});

/** The controls that a screen of this size does not show, and whether the replay has enough of it. */
async function seenAt(width: number, height: number): Promise<{ hidden: string[]; isLarge: boolean }> {
  const { page } = visit;
  await page.setViewportSize({ width, height });
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll('.player :is(button, select, input):not(.legend *), .head :is(h1, .back, button, .button)')]
      .filter((control) => {
        const { left, top, right, bottom } = control.getBoundingClientRect();
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || !(control.contains(hit) || hit?.contains(control));
      })
      .map((control) => control.outerHTML),
  );
  const replay = (await page.locator('.screen').boundingBox())!;
  return { hidden, isLarge: replay.height > height * 0.25 && replay.width > width * 0.6 };
}

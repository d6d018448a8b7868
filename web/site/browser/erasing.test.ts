/** Recordings and visitors are erased on the page of a recording: asked, confirmed, followed to the certificate. */
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { faded } from './faded';
import { type Answer, type FakeApi, SESSION_LINES, SITE, type Visit, events, json, problem, recording, visitSite, watchedSite } from './given';
import { PICTURES } from './pictures';

let visit: Visit;
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterEach(() => visit.end());

const VISITOR = '0b7f9a52-55b5-4f0f-9d8c-3f2a1c9f7e10';
const none = { objects: 0, bytes: 0 };
const DONE = {
  executionId: '1790000000000-0123abcd',
  state: 'done',
  askedAtMs: Date.UTC(2026, 8, 2, 10),
  finishedAtMs: Date.UTC(2026, 8, 2, 10, 3),
  removed: { stream: { objects: 12, bytes: 3_400_000 }, large: none, batch: none, screenshot: { objects: 1, bytes: 84_120 }, other: none },
};
const { finishedAtMs: _finished, removed: _removed, ...begun } = DONE;
const REMOVING = { ...begun, state: 'removing' };
const FAILED = { ...begun, state: 'failed' };
const NOT_FOUND = problem(404, 'Not Found', 'Nothing of this id was erased.');

/** An API with three recordings, whose requests and answers about erasures the test decides. */
function store(answers: { asked: () => Answer | undefined; erasure: () => Answer }) {
  const requests: string[] = [];
  let isHidden = false;
  const api: FakeApi = (path, method) => {
    if (method === 'DELETE') {
      requests.push(path);
      const answer = answers.asked();
      isHidden ||= answer?.status === 202;
      return answer;
    }
    if (path.endsWith('/erasure')) return answers.erasure();
    if (path.includes('/events')) return events(SESSION_LINES);
    const n = /\/recordings\/recording-(\d)/.exec(path)?.[1];
    if (n) return isHidden && n === '2' ? NOT_FOUND : json(recording(Number(n), { visitorId: VISITOR }));
    return json({ recordings: [3, 2, 1].map((one) => recording(one, { visitorId: VISITOR })) }); // an index that still has it
  };
  return { api, requests };
}

const accepted = () => json({ executionId: DONE.executionId }, 202);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
const deleteButton = (page: Page) => page.getByRole('button', { name: 'Delete recording …' });

/** Takes a picture in each look, and returns the faults that axe finds in two. */
async function picture(name: string): Promise<string[]> {
  const { page } = visit;
  const found: string[] = [];
  await page.evaluate(axe);
  for (const [width, colorScheme] of [[1440, 'light'], [1440, 'dark'], [390, 'light'], [390, 'dark']] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 860 });
    await faded(page);
    await page.screenshot({ path: `${PICTURES}/erasing-${name}-${width}-${colorScheme}.png` });
    if ((width === 390) !== (colorScheme === 'dark')) continue; // two looks have each size and each colour
    const faults = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(on: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
      const { violations } = await axe.run({ exclude: [['iframe']] });
      const { scrollWidth, clientWidth } = document.documentElement;
      return [...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`), ...(scrollWidth > clientWidth ? [`it is ${scrollWidth} wide`] : [])];
    });
    found.push(...faults.map((fault) => `${name} ${width} ${colorScheme}: ${fault}`));
  }
  return found;
}

test('a recording is deleted by the keyboard alone, after it was confirmed, and its certificate is copied', async () => {
  let erasure: () => Answer = () => NOT_FOUND;
  const { api, requests } = store({ asked: accepted, erasure: () => erasure() });
  visit = await visitSite(browser, api);
  const { page } = visit;
  await page.goto(SITE);
  await page.locator('.card').nth(1).click();
  await deleteButton(page).press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Delete this recording?' });
  await dialog.waitFor();
  const first = await focused(page);
  const faults = await picture('dialog');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect([first, await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), requests]).toEqual(['Cancel', 'Delete recording …', []]);

  await page.keyboard.press('Enter');
  await dialog.waitFor(); // and has the focus
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Deletion requested' }).waitFor();
  expect(await focused(page)).toBe('Deletion requested');
  erasure = () => json(REMOVING);
  await page.getByRole('heading', { name: 'This recording is being deleted' }).waitFor();
  faults.push(...(await picture('removing')));
  erasure = () => problem(502, 'Bad Gateway', '');
  await page.getByText('Its state cannot be read right now: Bad Gateway').waitFor();
  erasure = () => json(DONE);
  await page.getByRole('heading', { name: 'This recording has been deleted' }).waitFor();
  await page.getByRole('button', { name: 'Copy certificate as JSON' }).press('Enter');
  await page.getByText('Copied').waitFor();
  faults.push(...(await picture('done')));

  expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual({ recordingId: 'recording-2', ...DONE });
  expect(await page.locator('.certificate tr').allInnerTexts()).toEqual(['Removed\tObjects\tSize', 'Delivered events\t12\t3.4 MB', 'Screenshots\t1\t84.1 kB', 'Total\t13\t3.5 MB']);
  expect(requests).toEqual(['/recordings/recording-2']);
  expect(faults).toEqual([]);
  await page.getByRole('link', { name: 'Go to my recordings' }).press('Enter');
  await page.locator('.card').first().waitFor();
  expect(await page.locator('.card .title').allTextContents()).toEqual(['Page 3', 'Page 1']); // a card has no innerText before it is drawn
});

test('the address of an erased recording shows its erasure, and one that failed is asked for again', async () => {
  let erasure = json(FAILED);
  let answer: Answer | undefined = problem(429, 'Too Many Requests', '');
  let looks = 0;
  const { api, requests } = store({ asked: () => answer, erasure: () => (looks++, erasure) });
  const gone: FakeApi = (path, method) => (path === '/recordings/recording-1' && method === 'GET' ? NOT_FOUND : api(path, method));
  visit = await visitSite(browser, gone);
  const { page } = visit;
  await page.goto(`${SITE}/recordings/recording-1`);
  await page.getByRole('heading', { name: 'The deletion failed' }).waitFor();
  const faults = await picture('failed');
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await page.getByText('Too many requests. Nothing was erased.').waitFor();
  answer = json({ executionId: 'second' }, 202);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await page.getByRole('heading', { name: 'Deletion requested' }).waitFor();
  await expect.poll(() => looks, { timeout: 40_000 }).toBe(3); // while the API still reports the one before
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Deletion requested');
  erasure = json({ ...DONE, executionId: 'second' });
  await page.getByRole('heading', { name: 'This recording has been deleted' }).waitFor();

  expect(requests).toEqual(['/recordings/recording-1', '/recordings/recording-1']);
  expect(faults).toEqual([]);
});

test('each refusal is shown in the dialog, which stays open, and nothing is lost', async () => {
  let answer: Answer | undefined;
  const { api } = store({ asked: () => answer, erasure: () => NOT_FOUND });
  visit = await visitSite(browser, api);
  const { page } = visit;
  await page.goto(`${SITE}/recordings/recording-2?t=1`);
  await deleteButton(page).click();
  const dialog = page.getByRole('alertdialog');
  for (const [given, words] of [
    [problem(403, 'Forbidden', ''), 'You may not erase'],
    [problem(404, 'Not Found', ''), 'There is nothing to erase any more'],
    [problem(409, 'Conflict', ''), 'Another request is being handled'],
    [{ ...problem(429, 'Too Many Requests', ''), headers: { 'Retry-After': '7' } }, 'Try again in 7 seconds'],
    [undefined, 'It is not known whether the request arrived'],
  ] as const) {
    answer = given;
    await dialog.getByRole('button', { name: 'Delete recording' }).click();
    await dialog.getByRole('alert').getByText(words).waitFor();
  }
  const faults = await picture('refused');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('heading', { name: 'Page 2' }).waitFor();
  expect(await page.locator('.player').isVisible()).toBe(true);
  expect(faults).toEqual([]);
});

test('an administrator of a site erases a visitor after typing the start of its id', async () => {
  let erasure = NOT_FOUND;
  const { api, requests } = store({ asked: accepted, erasure: () => erasure });
  visit = await visitSite(browser, api, { sites: [watchedSite('shop', { isAdmin: true })] });
  const { page } = visit;
  await page.goto(`${SITE}/sites/shop/recordings/recording-2?t=1`);
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByRole('link', { name: /2026/ }).first().waitFor();
  const faults = await picture('details');
  await page.getByRole('button', { name: 'Erase this visitor …' }).press('Enter');
  const dialog = page.getByRole('alertdialog', { name: 'Erase this visitor?' });
  await dialog.getByText('All recordings of this visitor: 3 recordings.').waitFor();
  const confirm = dialog.getByRole('button', { name: 'Erase visitor' });
  const before = [await focused(page), await confirm.isDisabled()];
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('0b7f9a5?');
  await page.keyboard.press('Enter');
  faults.push(...(await picture('visitor')));
  expect([...before, await confirm.isDisabled(), requests]).toEqual(['Cancel', true, true, []]);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Erasure requested' }).waitFor();
  erasure = json(DONE);
  await page.getByRole('heading', { name: 'This visitor has been erased' }).waitFor();
  await page.getByRole('link', { name: 'Go to the recordings of shop' }).click();
  await page.getByRole('heading', { name: 'Recordings of shop' }).waitFor();

  await expect.poll(() => page.locator('.card').count(), { timeout: 40_000 }).toBe(0);
  expect(requests).toEqual([`/sites/shop/visitors/${VISITOR}`]);
  expect(faults).toEqual([]);
});

test('a watcher of a site who is no administrator sees no way to erase', async () => {
  const { api } = store({ asked: accepted, erasure: () => json(DONE) });
  visit = await visitSite(browser, api, { sites: [watchedSite('shop'), watchedSite('other', { isAdmin: true })] });
  const { page } = visit;
  await page.goto(`${SITE}/sites/shop/recordings/recording-2?t=1`);
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByText('Other recordings of this visitor').waitFor();
  await page.getByRole('button', { name: 'Showing shop' }).waitFor(); // so the sites are known

  expect(await page.getByRole('button', { name: /delete|erase/i }).count()).toBe(0);
});

test.each([
  ['its user', undefined, 'This recording is being deleted'],
  ['a watcher of its site', 'shop', 'shop has no such recording'],
])('a recording that is erased elsewhere while it is watched live leaves the screen of %s', async (_, siteId, said) => {
  const now = Date.now();
  const parsed = SESSION_LINES.map((line) => JSON.parse(line) as { type: number });
  const live = [4, 2].map((type, n) => JSON.stringify({ ...parsed.find((event) => event.type === type), timestamp: now - 2000 + n }));
  let isErased = false;
  const api: FakeApi = (path) => {
    if (path.endsWith('/erasure')) return siteId === undefined ? json(REMOVING) : problem(403, 'Forbidden', '');
    if (isErased) return NOT_FOUND;
    return path.includes('/events') ? events(path.includes('cursor') ? [] : live) : json(recording(1));
  };
  visit = await visitSite(browser, api, { sites: [watchedSite('shop')] });
  const { page } = visit;
  await page.goto(`${SITE}${siteId === undefined ? '' : `/sites/${siteId}`}/recordings/recording-1`);
  await page.getByRole('button', { name: 'Live' }).waitFor();
  isErased = true;

  await page.getByRole('heading', { name: said }).waitFor();
  expect(await page.locator('.player').count()).toBe(0);
});

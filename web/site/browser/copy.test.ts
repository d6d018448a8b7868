/** Copying where the browser allows the clipboard, denies it, and allows no copying at all. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SITE, type Visit, json, watchedSite } from './given';
import { oneVisitATest } from './one-visit-a-test';

const TAG = `<script async src="${SITE}/page-copy.js"
  data-write-url="https://api.example/v1/w/wk_shop00000000000000000000"
  data-privacy="text"></script>`;
const NO_CLIPBOARD = `Object.defineProperty(navigator, 'clipboard', { value: undefined });`;
const DENIED = `navigator.clipboard.writeText = () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));`;
const NO_COPYING = `document.execCommand = () => false;`;

const visitSite = oneVisitATest();
let visit: Visit;

async function openSetUp(script: string): Promise<Page> {
  visit = await visitSite(() => json({ recordings: [] }), { sites: [watchedSite('shop')] });
  await visit.page.addInitScript(script);
  await visit.page.goto(`${SITE}/set-up`);
  await visit.page.getByRole('heading', { name: 'Visitors of shop' }).waitFor();
  return visit.page;
}

const copyTag = (page: Page) => page.getByRole('button', { name: 'Copy the script tag of shop' });
/** What a paste into the filled field yields. */
async function pasted(page: Page): Promise<string> {
  await page.evaluate(() => document.querySelector('main')!.insertAdjacentHTML('afterbegin', '<textarea id="paste" aria-label="paste"></textarea>'));
  await page.locator('#paste').press('Control+v');
  return page.locator('#paste').inputValue();
}

test.for([
  ['the clipboard is open', ''],
  ['the clipboard is denied', DENIED],
  ['there is no clipboard, as without TLS', NO_CLIPBOARD],
] as const)('a key copies the tag where %s, and the focus stays', async ([, script]) => {
  const page = await openSetUp(script);
  await copyTag(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const focused = await page.evaluate(() => (document.activeElement as HTMLElement).innerText.trim());

  expect(focused).toBe('Copied');
  expect(await pasted(page)).toBe(TAG);
  expect(visit.complaints).toEqual([]);
});

test('where no copying is allowed, the tag is selected and a key of the browser copies it', async () => {
  const page = await openSetUp(DENIED + NO_COPYING);
  await copyTag(page).press('Enter');
  await page.getByText('The text is selected: press Ctrl or ⌘ and C.').waitFor();
  await page.keyboard.press('Control+c');

  expect(await pasted(page)).toBe(TAG);
});

test('a button without room for that says that copying is not allowed', async () => {
  const page = await openSetUp(DENIED + NO_COPYING);
  await page.getByRole('button', { name: 'Copy API' }).press('Enter');

  await page.getByRole('button', { name: 'The browser does not allow copying' }).waitFor();
  expect(visit.complaints).toEqual([]);
});

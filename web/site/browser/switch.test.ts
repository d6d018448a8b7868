/** The switch between the user's recordings and those of sites: by keys, by the address, and when it is hidden. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { API, type FakeApi, SESSION_LINES, SITE, type Visit, events, json, problem, recording, watchedSite } from './given';
import { oneVisitATest } from './one-visit-a-test';

const SITES = [watchedSite('shop2'), watchedSite('shop'), watchedSite('mine')];

const visitSite = oneVisitATest();
let visit: Visit;

/** Each owner has a recording of the same id, whose title names the owner. */
const owned: FakeApi = (path) => {
  if (path.includes('/events')) return events(SESSION_LINES);
  const pageTitle = `Page of ${/^\/sites\/([^/]+)/.exec(path)?.[1] ?? 'the user'}`;
  const one = recording(1, { pageTitle });
  return json(/recordings\/recording-1$/.test(path) ? one : { recordings: [one] });
};

async function open(path: string, api = owned, sites = SITES): Promise<Page> {
  visit = await visitSite(api, { sites });
  await visit.page.goto(SITE + path);
  return visit.page;
}

const path = (page: Page) => new URL(page.url()).pathname;
const shown = (page: Page, owner: string) => page.locator('.card', { hasText: `Page of ${owner}` }).waitFor();
const button = (page: Page, owner: string) => page.getByRole('button', { name: `Showing ${owner}`, exact: true });
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).innerText.trim().replace(/\s+/g, ' '));

test('keys open it, go through the owners in order, and choose one', async () => {
  const page = await open('/');
  await shown(page, 'the user');
  await button(page, 'My recordings').press('Enter');
  const names = [];
  for (let press = 0; press < 4; press++) {
    await page.keyboard.press('Tab');
    names.push(await focused(page));
  }
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await shown(page, 'shop');

  expect(names).toEqual(['My recordings', 'mine', 'shop', 'shop2']);
  expect(path(page)).toBe('/sites/shop');
  expect(await page.title()).toBe('Recordings · shop · rrweb store');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  expect(await button(page, 'shop').getAttribute('aria-expanded')).toBe('false');
});

test('Escape closes it and returns the focus, and so does leaving it', async () => {
  const page = await open('/sites/shop');
  await button(page, 'shop').press('Space');
  await page.locator('.owners').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  const afterEscape = [await page.locator('.owners').isVisible(), await focused(page)];
  await page.keyboard.press('Enter');
  await page.locator('.owners').waitFor();
  for (let press = 0; press < 5; press++) await page.keyboard.press('Tab');
  const afterTab = await page.locator('.owners').isVisible();
  await button(page, 'shop').click();
  await page.getByRole('heading', { name: 'Recordings of shop' }).click();

  expect(afterEscape).toEqual([false, 'Showing shop']);
  expect(afterTab).toBe(false);
  expect(await page.locator('.owners').isVisible()).toBe(false);
});

test('a screen reader gets which owners there are, and which one is shown', async () => {
  const page = await open('/sites/shop');
  await button(page, 'shop').click();

  expect(await page.locator('.owner-switch').ariaSnapshot()).toBe(`- button "Showing shop" [expanded]
- link "My recordings":
  - /url: /
- paragraph: Sites
- list "Sites":
  - listitem:
    - link "mine":
      - /url: /sites/mine
  - listitem:
    - link "shop":
      - /url: /sites/shop
  - listitem:
    - link "shop2":
      - /url: /sites/shop2`);
  expect(await page.locator('.owners [aria-current]').allInnerTexts()).toEqual(['shop']);
});

test('the choice is in the address: a reload keeps it, and Back and Forward follow it', async () => {
  const page = await open('/');
  await shown(page, 'the user');
  await button(page, 'My recordings').click();
  await page.getByRole('link', { name: 'mine', exact: true }).click();
  await shown(page, 'mine');
  await button(page, 'mine').click();
  await page.getByRole('link', { name: 'shop2' }).click();
  await shown(page, 'shop2');
  await page.reload();
  await shown(page, 'shop2');
  await page.goBack();
  await shown(page, 'mine');
  await page.goBack();
  await shown(page, 'the user');
  await page.goForward();

  await shown(page, 'mine');
  await button(page, 'mine').waitFor();
});

test('recordings of the same id are not mistaken for each other', async () => {
  const page = await open('/sites/shop');
  const title = async (owner: string) => {
    await shown(page, owner);
    await page.locator('.card').click();
    await page.locator('.recording h1').waitFor();
    const text = await page.locator('.recording h1').innerText();
    await page.locator('.back').click();
    return text;
  };
  const titles = [await title('shop')];
  await button(page, 'shop').click();
  await page.getByRole('link', { name: 'My recordings' }).click();
  titles.push(await title('the user'));

  expect(titles).toEqual(['Page of shop', 'Page of the user']);
});

test('every request for a site names it', async () => {
  const page = await open('/sites/shop/recordings/recording-1');
  await page.getByRole('button', { name: 'Pause' }).waitFor();

  expect(visit.asked.filter((asked) => !asked.startsWith('/sites/shop/'))).toEqual([]);
  expect(visit.asked.some((asked) => asked.startsWith('/sites/shop/assets/'))).toBe(SESSION_LINES.some((line) => line.includes('rrweb-asset:')));
});

test('what is looked for is of one list', async () => {
  const page = await open('/sites/shop?errors=true');
  await page.getByRole('searchbox').fill('nothing of it');
  await button(page, 'shop').click();
  await page.getByRole('link', { name: 'shop2' }).click();

  await shown(page, 'shop2');
  expect(await page.getByRole('searchbox').inputValue()).toBe('');
  expect(await page.getByRole('button', { name: 'Errors', exact: true, pressed: true }).count()).toBe(0);
});

test('the menu leads back to the list that was shown last', async () => {
  const page = await open('/sites/shop');
  await shown(page, 'shop');
  await page.getByRole('link', { name: 'Set up' }).click();
  await page.getByRole('heading', { name: 'Set up' }).waitFor();
  await button(page, 'shop').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Recordings' }).click();

  await shown(page, 'shop');
});

test('a user who watches no site has no switch', async () => {
  const page = await open('/', owned, []);
  await shown(page, 'the user');

  expect(await page.locator('.owner-switch').count()).toBe(0);
});

test('a failure to load the sites keeps the list, and a press tries again', async () => {
  visit = await visitSite(owned, { sites: SITES });
  const { page } = visit;
  let isBroken = true;
  await visit.context.route(`${API}/sites`, (route) => {
    if (!isBroken) return route.fallback();
    const { status, headers, body } = problem(400, 'Bad request', 'No such thing.');
    return route.fulfill({ status: status!, headers: { ...headers, 'Access-Control-Allow-Origin': '*' }, body: String(body) });
  });
  await page.goto(SITE);
  await shown(page, 'the user');
  isBroken = false;
  await page.getByRole('button', { name: 'Load sites' }).click();

  await button(page, 'My recordings').waitFor();
});

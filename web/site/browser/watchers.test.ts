/** Watchers of the sites `shop` and `shop2` on a whole stack, which tests/browser starts; it passes the users. */
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { faded } from './faded';
import { PICTURES } from './pictures';
import { recordingIdOf } from './recorded-page';

const SITE_URL = process.env['SITE_URL']!;
const PASSWORD = process.env['SITE_PASSWORD']!;
const { BOTH_EMAIL, COLLEAGUE_EMAIL, STRANGER_EMAIL } = process.env as Record<string, string>;

/** The tag and the policy of each site, as the set-up page shows them. */
const tags: Record<string, string> = {};
let policy = '';
let server: Server;
let both: Page;
let visited: Page;
let link = '';
const complaints: string[] = [];

beforeAll(async () => {
  server = createServer((request, answer) => {
    const site = request.url!.slice(1);
    answer.setHeader('Content-Type', 'text/html');
    answer.setHeader('Content-Security-Policy', `default-src 'none'; ${policy.replaceAll('\n', ' ')}`);
    answer.end(`<!doctype html><html lang="en"><head>${tags[site] ?? ''}<title>The ${site}</title></head><body><h1>Welcome to ${site}</h1></body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  both = await signedIn(BOTH_EMAIL!, '/set-up');
});
afterAll(() => void server?.close());

/** A new browser of a user who has opened a path and signed in. */
async function signedIn(email: string, path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await newPage(context);
  await page.goto(SITE_URL + path);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await fillIn(page, email);
  return page;
}

async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.on('console', (message) => {
    // MiniStack's own pages have no icon, and it cannot revoke a token of a client without a secret.
    const { url } = message.location();
    if (message.type() === 'error' && !/\/(favicon\.ico|oauth2\/revoke)$/.test(url)) complaints.push(`${message.text()} ${url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
}

async function fillIn(page: Page, email: string): Promise<void> {
  await page.locator('[name=username]').fill(email);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
}

async function picture(page: Page, name: string): Promise<void> {
  for (const [width, height] of [[390, 844], [1280, 800]] as const) {
    await page.setViewportSize({ width, height });
    await faded(page);
    await page.screenshot({ path: `${PICTURES}/${name}-${width}.png` });
  }
}

/** A visitor's new page of a site, once its tag records. */
async function visit(site: string): Promise<Page> {
  const page = await newPage(await browser.newContext());
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${site}`);
  await recordingIdOf(page);
  return page;
}

/** Changes the heading of a visited page, and waits until that is stored. */
async function say(page: Page, text: string): Promise<void> {
  await page.evaluate(`document.querySelector('h1').textContent = ${JSON.stringify(text)}; new Promise(requestAnimationFrame)`);
  await page.evaluate('rrwebRecorder.recording.flush()');
}

const path = (page: Page) => new URL(page.url()).pathname;
/** Other tests may have recorded for the same sites. */
const card = (site: 'shop' | 'shop2') => both.locator('.card', { hasText: site === 'shop' ? /The shop(?!2)/ : 'The shop2' });
const titles = async () => (await both.locator('.card .title').allTextContents()).filter((title) => title.startsWith('The shop'));
const replayed = (page: Page) => page.frameLocator('.player iframe');

test('the set-up page has the tag of each site, and a key copies it', async () => {
  await both.getByRole('heading', { name: 'Visitors of shop2' }).waitFor();
  const copied = async (name: string) => {
    await both.getByRole('button', { name, exact: true }).press('Enter');
    await both.getByRole('button', { name: 'Copied' }).waitFor();
    const text = await both.evaluate(() => navigator.clipboard.readText());
    await both.getByRole('button', { name: 'Copied' }).waitFor({ state: 'hidden' });
    return text;
  };
  for (const site of ['shop', 'shop2']) tags[site] = await copied(`Copy the script tag of ${site}`);
  policy = await copied('Copy the content security policy');
  await picture(both, 'watchers-set-up');

  expect(tags['shop']).toMatch(/^<script async src="http[^"]+\.js"\s+data-write-url="http[^"]+\/w\/wk_(shop){6}"\s+data-privacy="inputs"><\/script>$/);
  expect(tags['shop2']).toContain('/w/wk_shop2shop2');
});

test('what the tags record is in the list of its own site, with the visitor', async () => {
  visited = await visit('shop');
  await say(visited, 'First words');
  const other = await visit('shop2');
  await say(other, 'Other words');
  await other.context().close();

  await both.getByRole('button', { name: 'Showing My recordings' }).press('Enter');
  await both.keyboard.press('Tab'); // My recordings
  await both.keyboard.press('Tab');
  await both.keyboard.press('Enter');
  await both.getByRole('heading', { name: 'Recordings of shop', exact: true }).waitFor();
  await card('shop').locator('.badge.length').waitFor();
  await picture(both, 'watchers-list');

  expect(path(both)).toBe('/sites/shop');
  expect(await titles()).toEqual(['The shop']);
  expect(await card('shop').locator('.visitor').textContent()).toMatch(/^Visitor [0-9a-f]{8}$/);
});

test('the choice survives a reload, and Back returns to the one before', async () => {
  await both.reload();
  await card('shop').waitFor();
  await both.getByRole('button', { name: 'Showing shop', exact: true }).click();
  await picture(both, 'watchers-switch');
  await both.getByRole('link', { name: 'shop2' }).click();
  await card('shop2').waitFor();
  const found = await titles();
  await both.goBack();
  await card('shop').waitFor();

  expect(found).toEqual(['The shop2']);
  expect(path(both)).toBe('/sites/shop');
});

test('the player plays and follows a visitor live', async () => {
  await card('shop').click();
  await replayed(both).getByText('First words').waitFor({ state: 'attached' });
  await say(visited, 'Said just now');
  await both.getByRole('button', { name: 'Live' }).waitFor();
  await both.keyboard.press('l');
  await replayed(both).getByText('Said just now').waitFor({ state: 'attached' });
  await say(visited, 'Said live');
  await replayed(both).getByText('Said live').waitFor({ state: 'attached' });
  await both.getByRole('button', { name: 'Copy a link to this moment' }).click();
  await both.getByRole('button', { name: 'Copied' }).waitFor();
  link = (await both.evaluate(() => navigator.clipboard.readText())).replace(SITE_URL, '');

  expect(link).toMatch(/^\/sites\/shop\/recordings\/[0-9a-f-]{36}\?t=[\d.]+$/);
  expect(complaints.join('\n')).toBe('');
});

test('a colleague in the group opens the link', async () => {
  const page = await signedIn(COLLEAGUE_EMAIL!, link);
  await replayed(page).getByRole('heading').waitFor({ state: 'attached' });

  expect(path(page)).toBe(link.split('?')[0]);
  await page.getByRole('button', { name: 'Showing shop', exact: true }).click();
  expect(await page.locator('.owners a').allInnerTexts()).toEqual(['My recordings', 'shop']);
  await page.context().close();
});

test('someone who watches a site of a near name alone reads which group it takes', async () => {
  const page = await signedIn(STRANGER_EMAIL!, link);
  const notice = page.getByRole('alert');
  await notice.getByRole('heading', { name: 'You cannot watch the site shop' }).waitFor();
  await picture(page, 'watchers-refused');

  expect(await notice.locator('code').first().innerText()).toBe('site-shop');
  expect(await notice.innerText()).toContain(STRANGER_EMAIL);
  expect(await notice.innerText()).not.toMatch(/not found|try again/i);
  await notice.getByRole('button', { name: 'Sign in again, or as another user' }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await fillIn(page, COLLEAGUE_EMAIL!);
  await replayed(page).getByRole('heading').waitFor({ state: 'attached' });
  expect(path(page)).toBe(link.split('?')[0]);
  await page.context().close();
});

test('a list that is closed says the same, and leads to the own recordings', async () => {
  const page = await signedIn(STRANGER_EMAIL!, '/sites/shop');
  await page.getByRole('heading', { name: 'You cannot watch the site shop' }).waitFor();
  await page.getByRole('link', { name: 'Go to my recordings' }).click();
  await page.getByRole('heading', { name: 'Nothing has been recorded yet' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'shop2' }).click();
  await page.locator('.card', { hasText: 'The shop2' }).waitFor();

  expect(complaints.filter((one) => !/status of 403/.test(one)).join('\n')).toBe('');
});

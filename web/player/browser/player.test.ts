/** The built component on a page of another origin, with a fake API. */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { type Answer, events, json, problem, recording } from '../../site/browser/given';
import { element } from '../../site/browser/hostile/nodes';

const APP = 'https://app.example';
const API = 'https://api.example/v1';
const SITE_PATH = '/sites/shop/recordings/recording-1';
const OWN_PATH = '/recordings/recording-1';
const AT = Date.UTC(2026, 8, 1);
const STRANGER = 'https://stranger.example';
const PATIENCE = { timeout: 40_000 };
/** Of a page that changes whatever it can. */
const RULES = 'html { font-size: 5px } * { color: red !important } :root { --surface: lime } button { display: none } body { letter-spacing: 1em; line-height: 9 }';

let browser: Browser;
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const made = await build({ root, logLevel: 'error', build: { write: false } });
  const outputs = (Array.isArray(made) ? made : [made]).flatMap((one) => ('output' in one ? one.output : []));
  files = new Map(outputs.map((one) => [one.fileName, one.type === 'chunk' ? one.code : String(one.source)]));
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A page that says `before`, and after a second `after`, and would load much of a stranger. */
function lines(id: string): string[] {
  const said = element('p', { onclick: `fetch('${STRANGER}/handler')` }, `before ${id}`);
  const nodes = [
    element('img', { src: `${STRANGER}/picture` }),
    element('link', { rel: 'stylesheet', href: `${STRANGER}/sheet` }),
    element('style', { _cssText: `p { background: url(${STRANGER}/background) } @import url(${STRANGER}/import)` }),
    element('script', { src: `${STRANGER}/script` }),
    said,
  ];
  const html = element('html', {}, element('head', {}), element('body', {}, ...nodes));
  return [
    { type: 4, timestamp: AT, data: { href: 'https://shop.example/', width: 800, height: 600 } },
    { type: 2, timestamp: AT + 1, data: { node: { type: 0, id: 1, childNodes: [html] }, initialOffset: { left: 0, top: 0 } } },
    { type: 3, timestamp: AT + 1000, data: { source: 0, texts: [{ id: said.childNodes[0]!.id, value: `after ${id}` }], attributes: [], removes: [], adds: [] } },
    { type: 5, timestamp: AT + 2000, data: { tag: 'end', payload: {} } },
  ].map((event) => JSON.stringify(event));
}

interface Asked {
  readonly path: string;
  readonly token: string;
}

interface Opened {
  readonly page: Page;
  readonly asked: Asked[];
  readonly strangers: string[];
  readonly complaints: string[];
}

const good = (path: string): Answer => (path.includes('/events') ? events(lines(path.includes('shop') ? 'shop' : 'own')) : json(recording(1)));

/** A page with this body, on which the component is not yet loaded. */
async function open(body: string, api: (path: string, token: string) => Answer | undefined = good): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  const [asked, strangers, complaints]: [Asked[], string[], string[]] = [[], [], []];
  await context.route('**/*', async (route) => {
    const url = route.request().url();
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Access-Control-Expose-Headers': '*' };
    if (url === `${APP}/`) return route.fulfill({ contentType: 'text/html', body: `<!doctype html><style>${RULES}</style>${body}` });
    const file = files.get(url.slice(APP.length + 1));
    if (file !== undefined) return route.fulfill({ contentType: 'text/javascript', body: file });
    if (!url.startsWith(API)) {
      strangers.push(url);
      return route.abort();
    }
    const path = url.slice(API.length);
    const token = route.request().headers()['authorization']?.slice('Bearer '.length) ?? '';
    asked.push({ path, token });
    const answer = api(path, token);
    if (!answer) return route.abort('connectionrefused');
    return route.fulfill({ status: answer.status ?? 200, headers: { ...headers, 'Content-Type': 'application/json', ...answer.headers }, body: answer.body ?? '' });
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${APP}/`);
  return { page, asked, strangers, complaints };
}

const define = (page: Page) => page.addScriptTag({ type: 'module', url: `${APP}/player.js` });
const replayed = (page: Page, id: string) => page.locator(id).frameLocator('.replayed iframe').frameLocator('iframe').locator('body');
const element1 = (page: Page) => page.locator('rrweb-store-player').first();
const said = (page: Page) => element1(page).evaluate((one) => one.shadowRoot?.textContent ?? '');

test('two players on a page have nothing of it and leave it nothing, and their recordings load nothing', async () => {
  const { page, asked, strangers, complaints } = await open(
    `<rrweb-store-player id="a" src="${API}${SITE_PATH}" token="A"></rrweb-store-player><rrweb-store-player id="b" src="${API}${OWN_PATH}" token="B" at="0m1.5s"></rrweb-store-player>`,
  );
  await define(page);
  await expect.poll(() => replayed(page, '#a').innerText(), PATIENCE).toContain('before shop');
  await expect.poll(() => replayed(page, '#b').innerText(), PATIENCE).toContain('after own');
  const drawn = await page.evaluate(() => {
    const root = document.querySelector('#a')!.shadowRoot!;
    const style = (selector: string) => getComputedStyle(root.querySelector(selector)!);
    const frame = root.querySelector<HTMLIFrameElement>('.replayed iframe')!;
    const inner = frame.contentDocument!.querySelector('iframe')!;
    return {
      button: [style('.round').display, style('.round').letterSpacing, style('.round').width],
      text: [style('.time').fontSize, style('.time').color, style('.time').letterSpacing],
      surface: style('.player').backgroundColor,
      sheets: [document.styleSheets.length, document.adoptedStyleSheets.length],
      globals: Object.keys(window).filter((name) => /react|rrweb|player/i.test(name)),
      border: frame.contentWindow!.getComputedStyle(inner).borderWidth,
      sandbox: [frame.sandbox.value, inner.sandbox.value],
      scripts: inner.contentDocument!.scripts.length,
    };
  });
  await page.locator('#a').getByRole('button', { name: 'Play', exact: true }).focus();
  await page.keyboard.press('End');
  await expect.poll(() => replayed(page, '#a').innerText(), PATIENCE).toContain('after shop');
  const times = await page.evaluate(() => [...document.querySelectorAll<HTMLElement & { currentTime: number }>('rrweb-store-player')].map((one) => one.currentTime));
  await page.context().close();

  expect(drawn).toEqual({
    button: ['flex', 'normal', '44px'],
    text: ['16px', 'rgb(26, 29, 33)', 'normal'],
    surface: 'rgb(255, 255, 255)',
    sheets: [1, 0],
    globals: [],
    border: '0px',
    sandbox: ['allow-same-origin', 'allow-same-origin'],
    scripts: 0,
  });
  expect(times).toEqual([2, 1.5]);
  expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] });
  expect(new Set(asked.map(({ path, token }) => `${token} ${path.split('?')[0]}`))).toEqual(
    new Set([`A ${SITE_PATH}`, `A ${SITE_PATH}/events`, `B ${OWN_PATH}`, `B ${OWN_PATH}/events`]),
  );
});

test('what was set before the element is defined holds, a refused token is renewed, and the element tells and does what a media element does', async () => {
  const { page, asked } = await open('<rrweb-store-player autoplay></rrweb-store-player>', (path, token) => (token === 'new' ? good(path) : problem(401, 'Unauthorized', '')));
  await page.evaluate((src) => {
    const told: string[] = [];
    const player = document.querySelector('rrweb-store-player')!;
    const getToken = async ({ renew }: { renew: boolean }) => (renew ? 'new' : 'old');
    for (const type of ['ready', 'play', 'pause', 'ended', 'error', 'durationchange']) player.addEventListener(type, () => told.push(type));
    Object.assign(window, { told, player });
    Object.assign(player, { src, getToken });
  }, API + SITE_PATH);
  await define(page);
  await expect.poll(() => page.evaluate('told.at(-1)'), PATIENCE).toBe('ended');
  const after = await page.evaluate('[player.ended, player.paused, player.currentTime, player.duration]');
  const told = await page.evaluate('told.splice(0)');
  await page.evaluate('player.seek(0.5), player.play(), player.pause(), player.currentTime = NaN');
  await expect.poll(() => page.evaluate('[player.ended, player.paused, player.currentTime]'), PATIENCE).toEqual([false, true, 0.5]);
  await page.evaluate('player.remove()');
  const [left, requests] = [await page.evaluate('[player.shadowRoot.children.length, player.paused, player.duration]'), asked.length];
  await page.evaluate('document.body.append(player)');
  await expect.poll(() => page.evaluate('told.includes("ready")'), PATIENCE).toBe(true);
  await page.context().close();

  expect(told).toEqual(['durationchange', 'ready', 'play', 'pause', 'ended']);
  expect(after).toEqual([true, true, 2, 2]);
  expect(left).toEqual([0, true, NaN]);
  expect(asked.length).toBeGreaterThan(requests);
});

test('what is missing or refused is said in the element and by an event, and another token opens it', async () => {
  let answer: (path: string, token: string) => Answer | undefined = good;
  const { page } = await open('<rrweb-store-player></rrweb-store-player>', (path, token) => answer(path, token));
  await page.evaluate(`window.player = document.querySelector('rrweb-store-player'); window.told = []; player.addEventListener('error', ({ message }) => told.push(message))`);
  await define(page);
  const shows = (text: string) => expect.poll(() => said(page), PATIENCE).toContain(text);

  await shows('The attribute src is missing');
  await page.evaluate((src) => document.querySelector('rrweb-store-player')!.setAttribute('src', src), `${APP}/r/7`);
  await shows('It has to be <apiUrl>/recordings/<id>');
  await page.evaluate((src) => document.querySelector('rrweb-store-player')!.setAttribute('src', src), API + SITE_PATH);
  await shows('The token is missing');
  answer = () => problem(403, 'Forbidden', 'no');
  await page.evaluate(`player.token = 'stranger'`);
  await shows('This user cannot watch the site shop');
  answer = () => problem(404, 'Not found', 'no');
  await page.evaluate(`player.token = 'member'`);
  await shows('There is no such recording');
  answer = () => undefined;
  await element1(page).getByRole('button', { name: 'Try again' }).evaluate((button) => (button as HTMLButtonElement).click());
  await shows('setting allowOrigin');
  answer = (path, token) => (token === 'new' ? good(path) : problem(401, 'Unauthorized', ''));
  await page.evaluate(`player.token = 'old'`);
  await shows('The token is not accepted');
  await page.evaluate(`player.token = 'new'`);
  await expect.poll(() => replayed(page, 'rrweb-store-player').innerText(), PATIENCE).toContain('before shop');
  const attributes = await page.evaluate('player.getAttributeNames()');
  const told = await page.evaluate<string[]>('told.map((text) => text.split(/[:,.]/)[0])');
  await page.context().close();

  expect(attributes).toEqual(['src']); // a token is nothing for the page's markup
  expect(told).toEqual([
    'The attribute src is missing',
    expect.stringContaining('The attribute src is "https'),
    'The token is missing',
    'This user cannot watch the site shop',
    'There is no such recording',
    'The API cannot be reached',
    'The token is not accepted',
  ]);
});

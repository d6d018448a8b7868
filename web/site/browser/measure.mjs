/**
 * echo '{"apiUrl", "idToken", "issuerUrl", "clientId", "recordingId", "clicks"}' | node measure.mjs
 *
 * Measures the built site against a stack, in headless Chromium, and prints the figures as JSON: how long after a
 * click on the playground the live view shows it, and how a long recording opens.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { launchChromium } from '../../recorded-session/chromium.mjs';

/** @typedef {{ apiUrl: string, idToken: string, issuerUrl: string, clientId: string, recordingId: string, clicks: number }} Given */

/** @type {Record<string, string>} */
const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const BETWEEN_CLICKS_MS = { least: 400, most: 1200 };

/** @type {Given} */
const given = JSON.parse(await text(process.stdin));
const server = createServer((request, response) => void serve(request.url ?? '/', response));
await new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(undefined)));
const SITE = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
const browser = await launchChromium();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(rememberUser, given);
  await context.addInitScript(watch);
  const clickToLiveMs = await clicksToLive(await context.newPage());
  const opened = await openLong(await context.newPage());
  console.log(JSON.stringify({ clickToLiveMs, ...opened }));
} finally {
  await browser.close();
  server.close();
}

/**
 * @param {string} path
 * @param {import('node:http').ServerResponse} response
 */
async function serve(path, response) {
  const { pathname } = new URL(path, SITE);
  const { apiUrl, issuerUrl, clientId } = given;
  const config = { apiUrl, issuerUrl, userPoolClientId: clientId, signInUrl: issuerUrl, siteUrl: SITE };
  const file = extname(pathname) ? pathname.slice(1) : 'index.html';
  const body =
    file === 'config.json'
      ? JSON.stringify(config)
      : await readFile(new URL(`../dist/${file}`, import.meta.url)).catch(() => undefined);
  response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(file)] ?? 'application/json' }).end(body);
}

/** @param {Given} given */
function rememberUser({ issuerUrl, clientId, idToken }) {
  const user = {
    id_token: idToken,
    access_token: idToken,
    token_type: 'Bearer',
    profile: { email: 'bench' },
    expires_at: Date.now() / 1000 + 3600,
  };
  sessionStorage.setItem(`oidc.user:${issuerUrl}:${clientId}`, JSON.stringify(user));
}

/** Notes when the replayed page first shows something, and the longest task. */
function watch() {
  if (window !== top) return;
  const seen = { firstFrameMs: 0, longestTaskMs: 0 };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longestTaskMs = Math.max(seen.longestTaskMs, duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    /** @type {HTMLIFrameElement | null} */
    const frame = document.querySelector('.player iframe');
    if (frame?.contentDocument?.querySelector('h1')) seen.firstFrameMs = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<number[]>}
 */
async function clicksToLive(page) {
  await page.goto(`${SITE}/playground`);
  await page.getByRole('button', { name: 'Record this page' }).click();
  await page
    .frameLocator('.live-view iframe')
    .locator('#count')
    .waitFor()
    .catch(async (cause) => {
      throw new Error(`there is no live view: ${await page.locator('main').innerText()}`, { cause });
    });
  await page.evaluate(() => {
    /** @type {{ at: number, shown: number }[]} */
    const clicks = [];
    Object.assign(window, { clicks });
    document.querySelector('#count')?.addEventListener('click', () => clicks.push({ at: performance.now(), shown: 0 }));
    const look = () => {
      /** @type {HTMLIFrameElement | null} */
      const frame = document.querySelector('.live-view iframe');
      const count = Number(frame?.contentDocument?.querySelector('#count output')?.textContent);
      for (const click of clicks.slice(0, count)) click.shown ||= performance.now();
      requestAnimationFrame(look);
    };
    look();
  });
  for (let click = 0; click < given.clicks; click++) {
    await page.locator('#count').click();
    const { least, most } = BETWEEN_CLICKS_MS;
    await page.waitForTimeout(least + Math.random() * (most - least));
  }
  await page.frameLocator('.live-view iframe').getByText(`Clicked ${given.clicks} times`).waitFor();
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.getByRole('link', { name: 'Watch it from the begin' }).waitFor();
  return page.evaluate(() => {
    const { clicks } = /** @type {{ clicks: { at: number, shown: number }[] }} */ (/** @type {unknown} */ (window));
    return clicks.map(({ at, shown }) => shown - at);
  });
}

/** @param {import('playwright-core').Page} page */
async function openLong(page) {
  page.setDefaultTimeout(120_000);
  await page.goto(`${SITE}/recordings/${given.recordingId}`);
  await page.waitForFunction('window.seen.firstFrameMs > 0');
  await page.locator('progress.hidden').waitFor({ state: 'attached' });
  const loadedMs = await page.evaluate(() => performance.now());
  const middleMs = await page.evaluate(async () => {
    /** @type {HTMLInputElement} */
    const slider = /** @type {HTMLInputElement} */ (document.querySelector('.scrubber input'));
    const began = performance.now();
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    set?.call(slider, String(Number(slider.max) / 2)); // as a hand does, for React
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    return performance.now() - began;
  });
  const shown = await page.locator('.time').innerText();
  const { firstFrameMs, longestTaskMs } = await page.evaluate(
    () => /** @type {{ seen: { firstFrameMs: number, longestTaskMs: number } }} */ (/** @type {unknown} */ (window)).seen,
  );
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return { firstFrameMs, loadedMs, middleMs, longestTaskMs, heapBytes: usedSize, shown };
}

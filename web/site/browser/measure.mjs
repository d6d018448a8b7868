/**
 * echo '{"siteUrl", "email", "password", "recordingId", "clicks"}' | node measure.mjs
 *
 * Signs in to a stack's site in headless Chromium, measures it, and prints the figures as JSON: how long after a click on
 * the playground the live view shows it, and how fast an hour-long recording opens and seeks.
 */
import { text } from 'node:stream/consumers';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { longestTask } from './longest-task.mjs';

/** @typedef {{ siteUrl: string, email: string, password: string, recordingId: string, clicks: number }} Given */

const BETWEEN_CLICKS_MS = { least: 400, most: 1200 };
/** Seconds of the recording, whose page shows the current second. */
const MIDDLE_S = 1800;
const EARLIER_S = 300;

/** @type {Given} */
const given = JSON.parse(await text(process.stdin));
const browser = await launchChromium();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(noteFirstFrame);
  const playground = await context.newPage();
  await signIn(playground, '/playground');
  const clickToLiveMs = await clicksToLive(playground);
  await playground.close();
  const opened = await openLong(await context.newPage());
  console.log(JSON.stringify({ clickToLiveMs, ...opened }));
} finally {
  await browser.close();
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} path
 */
async function signIn(page, path) {
  await page.goto(given.siteUrl + path);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[name=username]').fill(given.email);
  await page.locator('[name=password]').fill(given.password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Notes when the replayed page first shows something, in milliseconds from the start of the navigation. */
function noteFirstFrame() {
  if (window !== top) return;
  const look = () => {
    /** @type {HTMLIFrameElement | null} */
    const frame = document.querySelector('.player iframe');
    if (frame?.contentDocument?.querySelector('h1')) Object.assign(window, { firstFrameMs: performance.now() });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<number[]>}
 */
async function clicksToLive(page) {
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
  await page.getByRole('link', { name: 'Watch it from the beginning' }).waitFor();
  return page.evaluate(() => {
    const { clicks } = /** @type {{ clicks: { at: number, shown: number }[] }} */ (/** @type {unknown} */ (window));
    return clicks.map(({ at, shown }) => shown - at);
  });
}

/** @param {import('playwright-core').Page} page */
async function openLong(page) {
  page.setDefaultTimeout(120_000);
  await signIn(page, '/');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const loading = await longestTask(browser, page, async () => {
    await page.goto(`${given.siteUrl}/recordings/${given.recordingId}`);
    await page.frameLocator('.player iframe').locator('h1').waitFor({ state: 'attached' });
    await page.locator('progress.hidden').waitFor({ state: 'attached' });
    return page.evaluate(() => performance.now());
  });
  const jumping = await longestTask(browser, page, async () => [await jump(page, MIDDLE_S), await jump(page, EARLIER_S)]);
  const [middleMs, backMs] = jumping.result;
  const firstFrameMs = await page.evaluate(() => /** @type {any} */ (window).firstFrameMs);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return {
    firstFrameMs,
    loadedMs: loading.result,
    middleMs,
    backMs,
    loadingTask: loading.task,
    jumpingTask: jumping.task,
    heapBytes: usedSize,
  };
}

/**
 * Milliseconds from a move of the slider until the replayed page shows that moment.
 *
 * @param {import('playwright-core').Page} page
 * @param {number} second
 */
function jump(page, second) {
  return page.evaluate(async (second) => {
    const slider = /** @type {HTMLInputElement} */ (document.querySelector('.scrubber input'));
    const began = performance.now();
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    set?.call(slider, String(second * 1000)); // the native setter, so that React notices
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const isThere = () => {
      /** @type {HTMLIFrameElement | null} */
      const frame = document.querySelector('.player iframe');
      const at = Number(frame?.contentDocument?.querySelector('#clock')?.textContent);
      return Math.abs(at - second) <= 2;
    };
    while (!isThere()) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame); // until it is drawn
    return performance.now() - began;
  }, second);
}

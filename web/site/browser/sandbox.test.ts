/** A user's way through the site on a whole stack, which tests/browser starts and whose address it passes. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { faded } from './faded';
import { PICTURES } from './pictures';
import { MAX_PIXELS_APART, type Still, compared, takeReplayed, takeStill } from './stills';

const SITE_URL = process.env['SITE_URL']!;
const EMAIL = process.env['SITE_EMAIL']!;
const PASSWORD = process.env['SITE_PASSWORD']!;

const stills: Still[] = [];
let address = '';
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.on('console', (message) => {
    // MiniStack's own pages have no icon, it cannot revoke a token of a client without a secret, and a file is first asked for.
    const { url } = message.location();
    if (message.type() === 'error' && !/\/(favicon\.ico|oauth2\/revoke|assets\/[0-9a-f]{64})$/.test(url) && !isOfErased(message.text(), url)) {
      complaints.push(`${message.text()} ${url}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});

/** Whether an error says that the deleted recording, or its erasure in the first second, is not found. */
function isOfErased(text: string, url: string): boolean {
  return /status of 404/.test(text) && address !== '' && url.includes(new URL(address).pathname);
}

async function picture(name: string): Promise<void> {
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

test('signing in leads back to the page that was opened', async () => {
  await page.goto(`${SITE_URL}/set-up`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[name=username]').fill(EMAIL);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();

  await page.getByRole('heading', { name: 'Set up' }).waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/set-up');
  expect(await page.evaluate(() => JSON.stringify(localStorage))).toBe('{"signed-in-here":""}');
});

test('an empty list says how to start', async () => {
  await page.getByRole('link', { name: 'Recordings' }).click();

  await page.getByRole('heading', { name: 'Nothing has been recorded yet' }).waitFor();
});

test('the live view shows what happens on the playground', async () => {
  await page.getByRole('link', { name: 'Playground' }).first().click();
  await page.getByRole('button', { name: 'Record this page' }).click();
  const live = page.frameLocator('.live-view iframe');
  await live.getByRole('heading', { name: 'Playground' }).waitFor();
  stills.push(await takeStill(page));

  for (let click = 0; click < 3; click++) await page.locator('#count').click();
  await live.getByText('Clicked 3 times').waitFor();
  await page.getByLabel('Name').fill('a secret');
  await page.getByLabel('It is a gift').check();
  await page.getByRole('button', { name: 'Order' }).click();
  await page.getByRole('button', { name: 'Add a task' }).click();
  await page.getByRole('button', { name: 'Call the harbour' }).click();
  stills.push(await takeStill(page));
  await draw();
  await expect.poll(isDrawnLive, { timeout: 40_000 }).toBe(true);

  expect(await live.locator('input[name=name]').inputValue()).toBe('********');
  await live.getByRole('button', { name: 'Call the harbour', pressed: true }).waitFor();
  await faded(page);
  await picture('playground');
  await page.getByRole('button', { name: 'Show the other picture' }).click();
  await page.mouse.wheel(0, 300);
  stills.push(await takeStill(page));
}, 120_000);

/** Where the drawn line ends, from the corner of the canvas. */
const LINE_END = { x: 200, y: 40 };

async function draw(): Promise<void> {
  const box = (await page.locator('.thing canvas').boundingBox())!;
  await page.mouse.move(box.x + 30, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 90, { steps: 8 });
  await page.mouse.move(box.x + LINE_END.x, box.y + LINE_END.y, { steps: 8 });
  await page.mouse.up();
}

/** Whether the canvas in the live view has ink at the end of the line. Asked from outside: nothing runs in its frame. */
async function isDrawnLive(): Promise<boolean> {
  return page.locator('.live-view iframe').evaluate(async (frame: HTMLIFrameElement, { x, y }) => {
    const { style, clientWidth, clientHeight } = frame.contentDocument!.querySelector('canvas')!;
    const url = /url\("(data:[^"]+)"\)/.exec(style.background)?.[1];
    if (!url) return false;
    const image = new Image();
    image.src = url;
    await image.decode();
    const copy = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const ink = copy.getContext('2d')!;
    ink.drawImage(image, 0, 0);
    const [, , , alpha] = ink.getImageData((x / clientWidth) * image.width - 1, (y / clientHeight) * image.height, 1, 1).data;
    return alpha! > 0;
  }, LINE_END);
}

test('the recording is in the list, and plays to its end', async () => {
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.getByRole('link', { name: 'Watch it from the beginning' }).waitFor();
  await page.getByRole('link', { name: 'Recordings' }).first().click();
  await page.locator('.card .badge.length').waitFor();
  // No screenshot was sent, so its picture is drawn from the events.
  await page.frameLocator('.card iframe').getByRole('heading', { name: 'Playground' }).waitFor({ state: 'attached' });
  await faded(page);
  await picture('recordings');
  await page.locator('.card').click();
  const replayed = page.frameLocator('.player iframe');
  await replayed.getByRole('heading', { name: 'Playground' }).waitFor({ state: 'attached' });
  await page.keyboard.press('End');

  await replayed.getByText('Clicked 3 times').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await faded(page);
  await picture('recording');
  address = page.url().split('?')[0]!; // it has the moment
});

test('at three moments the replay is the recorded page: texts, places, pixels', async ({ task }) => {
  const found = [];
  for (const [index, still] of stills.entries()) {
    found.push(await compared(still, await takeReplayed(page, address, still), `still-${index + 1}`));
  }
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`;
  const [{ facts }] = [stills.at(-1)!];
  Object.assign(task.meta, {
    figures:
      `${facts.texts.length} texts, ${facts.places.length} places; pixels apart: ` +
      `${found.map(({ pixelsApart }) => percent(pixelsApart)).join(', ')}, at most ${percent(MAX_PIXELS_APART)}`,
  });

  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(SITE_URL);

  const apart = found.flatMap((one, index) => one.apart.map((line) => `still ${index + 1}: ${line}`));
  expect(apart.join('\n')).toBe('');
  for (const { pixelsApart } of found) expect(pixelsApart).toBeLessThan(MAX_PIXELS_APART);
});

test('the bookmark records a page of another site through a window of this one', async () => {
  await page.getByRole('link', { name: 'Set up' }).click();
  const bookmark = await page.locator('.bookmarklet').getAttribute('href');
  await picture('set-up');
  const foreign = await page.context().newPage();
  await foreign.route('https://foreign.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>Foreign</title><h1>A page of another site</h1>',
      headers: { 'Content-Security-Policy': "default-src 'none'; script-src 'self'; connect-src 'self'" },
    }),
  );
  await foreign.goto('https://foreign.example/');
  const opens = foreign.waitForEvent('popup');
  await foreign.evaluate(decodeURIComponent(bookmark!.replace('javascript:', '')));
  const relay = await opens;
  await relay.locator('[name=username]').fill(EMAIL); // a tab of its own, without a token, goes to the login by itself
  await relay.locator('[name=password]').fill(PASSWORD);
  await relay.locator('button[type=submit]').click();
  await relay.getByText('Record https://foreign.example?').waitFor();
  await relay.screenshot({ path: `${PICTURES}/relay.png` });
  await relay.getByRole('button', { name: 'Record' }).click();
  await relay.getByText('Recording https://foreign.example').waitFor();
  const link = relay.getByRole('link', { name: 'Watch the recording' });
  await link.waitFor();
  await relay.screenshot({ path: `${PICTURES}/relay-recording.png` });

  await page.getByRole('link', { name: 'Recordings' }).first().click();
  await page.locator('.card', { hasText: 'foreign.example' }).waitFor();
  const watched = relay.waitForEvent('popup');
  await link.click();
  await (await watched).frameLocator('.player iframe').getByRole('heading', { name: 'A page of another site' }).waitFor();
  await (await watched).close();
  await relay.getByRole('button', { name: 'Stop' }).click();
  await relay.getByText('The recording has ended. You may close this window.').waitFor();
  await Promise.all([relay.close(), foreign.close()]);
});

test('the recording is deleted, and its address shows the erasure in its place', async () => {
  await page.goto(address);
  await page.getByRole('button', { name: 'Delete recording …' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete recording' }).click();
  const erased = page.getByRole('heading', { name: /^This recording (is being|has been) deleted$/ });
  await erased.waitFor();
  await picture('deleting');
  await page.reload();
  await erased.waitFor();
  await page.getByRole('link', { name: 'Go to my recordings' }).click();
  await page.locator('.card').first().waitFor();

  expect(await page.locator(`.card a[href="${new URL(address).pathname}"]`).count()).toBe(0);
});

test('signing out leaves nothing behind', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();

  await page.getByRole('heading', { name: 'See what your users saw' }).waitFor();
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('oidc.user')))).toEqual([]);
  expect(complaints).toEqual([]);
});

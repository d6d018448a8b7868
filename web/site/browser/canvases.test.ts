/** Canvases as they were seen: recorded as pictures at a bounded rate, and shown at each moment. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { bundled } from './rebuilt/bundled';

const PATIENCE_MS = 40_000;
const PAGE = `<!doctype html><html><head></head><body style="margin: 8px">
  <canvas id="flat" width="200" height="100"></canvas><canvas id="gl" width="80" height="40"></canvas><canvas id="loop" width="80" height="40"></canvas>
  <canvas id="bitmap" width="60" height="30"></canvas><canvas id="off" width="60" height="30"></canvas><canvas id="tainted" width="60" height="30"></canvas>
  <canvas id="empty" width="0" height="30"></canvas><canvas id="large" width="5000" height="100" style="width: 50px; height: 10px"></canvas>
  <div class="rr-block"><canvas id="blocked"></canvas></div><p class="rr-mask"><canvas id="masked"></canvas></p><canvas id="shut" data-privacy="block"></canvas>
  <div id="host"></div><iframe srcdoc="&lt;canvas id=framed width=50 height=20>&lt;/canvas>"></iframe></body></html>`;
/** Fills each canvas with a colour, in the way of its kind. */
const DRAW = `async (name) => {
  const rgb = { red: [1, 0, 0], blue: [0, 0, 1] }[name];
  const fill = (canvas) => { const on = canvas.getContext('2d'); on.fillStyle = name; on.fillRect(0, 0, canvas.width, canvas.height); };
  const clear = (canvas) => { const on = canvas.getContext('webgl'); on.clearColor(...rgb, 1); on.clear(on.COLOR_BUFFER_BIT); };
  if (!host.shadowRoot) host.attachShadow({ mode: 'open' }).innerHTML = '<canvas id="shadowed" width="40" height="20"></canvas>';
  window.offscreen ??= off.transferControlToOffscreen();
  window.loopColour = name;
  if (!window.looping) { window.looping = true; const again = () => { clear2(); requestAnimationFrame(again); }; const clear2 = () => { const on = loop.getContext('webgl', { preserveDrawingBuffer: false }); const c = { red: [1, 0, 0], blue: [0, 0, 1] }[loopColour]; on.clearColor(...c, 1); on.clear(on.COLOR_BUFFER_BIT); }; again(); }
  fill(flat); fill(large); fill(tainted); fill(blocked); fill(masked); fill(shut); fill(host.shadowRoot.querySelector('canvas')); fill(document.querySelector('iframe').contentDocument.querySelector('canvas'));
  clear(gl); fill(offscreen);
  const made = new OffscreenCanvas(60, 30); fill(made);
  bitmap.getContext('bitmaprenderer').transferFromImageBitmap(made.transferToImageBitmap());
  const image = new Image(); image.src = 'https://other.example/a.svg'; await image.decode(); tainted.getContext('2d').drawImage(image, 0, 0);
}`;
const SIZES = { flat: '200x100', gl: '80x40', loop: '80x40', bitmap: '60x30', off: '60x30', large: '50x10', shadowed: '40x20', framed: '50x20' };
const all = (colour: string) => ({ ...Object.fromEntries(Object.entries(SIZES).map(([id, size]) => [id, `${colour} ${size}`])), empty: 'blank 0x30' });

let browser: Browser;
let player: Page;
let recorder: string;

beforeAll(async () => {
  browser = await launchChromium({ args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
  const scripts = await Promise.all([bundled('record-in-page', 'recorder'), bundled('replay-in-page', 'player')]);
  recorder = scripts[0];
  player = await browser.newPage();
  await player.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }));
  await player.goto('https://player.example/');
  await player.evaluate(scripts[1]);
});
afterAll(() => browser.close());

/** A page that is recorded with these options. */
async function recorded(options: object): Promise<Page> {
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    new URL(route.request().url()).host === 'other.example'
      ? route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' })
      : route.fulfill({ contentType: 'text/html', body: PAGE }),
  );
  await page.goto('https://recorded.example/');
  await page.evaluate(recorder);
  await page.evaluate(`recorder.start(${JSON.stringify(options)})`);
  return page;
}

const taken = (page: Page) => page.evaluate<string[]>('recorder.taken()');
const isPicture = (line: string) => line.includes('"source":9');

/** What the canvases show at these shares of the recording; one that may not be read shows what it did when it might. */
async function canvasesAt(lines: readonly string[], shares: readonly number[]): Promise<Record<string, string>[]> {
  const found = await player.evaluate(
    ([lines, shares]) => (globalThis as unknown as { player: { canvasesAt: (...given: unknown[]) => Promise<Record<string, string>[]> } }).player.canvasesAt(lines, shares),
    [lines, shares] as const,
  );
  return found.map(({ tainted: _, masked: __, shut: ___, '': ____, ...others }) => others);
}

/** Draws, and waits until that is what a replay shows in the end. */
async function draw(page: Page, colour: string): Promise<void> {
  await page.evaluate(`(${DRAW})('${colour}')`);
  await expect.poll(async () => (await canvasesAt(await taken(page), [1]))[0], { timeout: PATIENCE_MS }).toEqual(all(colour));
}

test('each kind of canvas is shown as it was, also after a jump and from a later snapshot', async () => {
  const page = await recorded({ recordCanvas: true, sampling: { canvas: 'all' } });
  await draw(page, 'red');
  const half = (await taken(page)).at(-1)!;
  await draw(page, 'blue');
  const lines = await taken(page);
  await page.evaluate('recorder.takeSnapshot()');
  await expect.poll(async () => (await canvasesAt(await taken(page), [1]))[0], { timeout: PATIENCE_MS }).toEqual(all('blue'));
  await page.close();
  const at = (line: string) => (JSON.parse(line) as { timestamp: number }).timestamp;
  const middle = (at(half) + 1 - at(lines[0]!)) / (at(lines.at(-1)!) + 1 - at(lines[0]!));

  expect(await canvasesAt(lines, [1, middle, 1])).toEqual([all('blue'), all('red'), all('blue')]);
});

test('a canvas that stays as it is has one picture', async () => {
  const page = await recorded({ recordCanvas: true, sampling: { canvas: 15 } });
  await draw(page, 'red');
  const count = (await taken(page)).filter(isPicture).length;
  for (let frames = 0; frames < 60; frames++) await page.evaluate(() => new Promise(requestAnimationFrame));
  const later = (await taken(page)).filter(isPicture).length;
  await page.close();

  expect(later).toBe(count);
});

test('nothing of a canvas leaves that is blocked or masked, or lies in an element that is', async () => {
  const page = await recorded({ recordCanvas: true });
  await draw(page, 'red');
  const lines = await taken(page);
  await page.close();
  const snapshot = lines.find((line) => line.includes('"type":2,'))!;
  const idOf = (name: string) => Number(new RegExp(`"id":"${name}".*?"id":(\\d+)`).exec(snapshot)?.[1]);
  const told = new Set(lines.filter(isPicture).map((line) => (JSON.parse(line) as { data: { id: number } }).data.id));

  expect(told.has(idOf('flat'))).toBe(true);
  expect(told.has(idOf('masked'))).toBe(false);
  told.delete(idOf('tainted')); // it has a picture if the recorder came to it before it was not to be read any more
  expect(told.size).toBe(Object.keys(SIZES).length);
});

test('nothing of a canvas leaves where texts are masked, nor without the option', async () => {
  for (const options of [{ recordCanvas: true, privacy: 'text' }, { recordCanvas: true, privacy: 'private' }, {}]) {
    const page = await recorded(options);
    await page.evaluate(`(${DRAW})('red')`);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
    const lines = await taken(page);
    await page.close();

    expect(lines.filter((line) => isPicture(line) || line.includes('rr_dataURL'))).toEqual([]);
  }
});

test('the page has its own method back when the recording stops', async () => {
  const page = await browser.newPage();
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
  await page.goto('https://recorded.example/');
  await page.evaluate('original = HTMLCanvasElement.prototype.getContext');
  await page.evaluate(recorder);
  await page.evaluate('recorder.start({ recordCanvas: true }), recorder.stop()');
  const isOwn = await page.evaluate('HTMLCanvasElement.prototype.getContext === original');
  await page.close();

  expect(isOwn).toBe(true);
});

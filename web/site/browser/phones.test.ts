/** A phone's visit: what is recorded of it, and how it is watched. */
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { browser } from './chromium';
import { faded } from './faded';
import { SITE, type Visit, events, visitSite } from './given';
import { PHONE, type RecordedVisit, type View, swipe, visitShop } from './phone';
import { PICTURES } from './pictures';
import { watched } from './places';

let visit: RecordedVisit | undefined;
let watch: Visit | undefined;
afterEach(async () => {
  await Promise.all([visit?.end(), watch?.end()]);
  visit = watch = undefined;
});

const WHOLE = { touch: true, width: 412, height: 839, scrollbar: 0, keyboard: 0, left: 0, top: 0, seenWidth: 412, seenHeight: 839 };
/** A keyboard over the lower 300 px of the page, as phones of 2026 show it: only the visual viewport gets smaller. */
const KEYBOARD = `document.querySelector('#search').focus();
  Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => 539 });
  visualViewport.dispatchEvent(new Event('resize'))`;
const NO_KEYBOARD = `document.activeElement.blur(); delete visualViewport.height; visualViewport.dispatchEvent(new Event('resize'))`;

/** The newest view that is recorded, once it is as expected. */
async function recorded({ views }: RecordedVisit, expected: Partial<View>): Promise<View> {
  await expect.poll(async () => (await views()).at(-1)).toMatchObject(expected);
  return (await views()).at(-1)!;
}

/** Two fingers that pinch the page larger, and smaller again. */
const ZOOM = [[[200, 400], [220, 420]], [[60, 200], [360, 620]]] as const;
const zoomIn = ({ protocol }: RecordedVisit) => swipe(protocol, ...ZOOM);
const zoomOut = ({ protocol }: RecordedVisit) => swipe(protocol, ZOOM[1], ZOOM[0]);

/** The replay of these events, at a moment. */
async function replayAt(lines: readonly string[], atMs: number, options: { width?: number; height?: number; touch?: boolean; dark?: boolean } = {}): Promise<Page> {
  const startMs = Math.min(...lines.map((line) => (JSON.parse(line) as { timestamp: number }).timestamp)); // the first line may be later
  watch ??= await visitSite(browser, watched(() => events(lines)), options);
  await watch.page.goto('about:blank');
  await watch.page.goto(`${SITE}/recordings/recording-1?t=${(atMs - startMs + 1) / 1000}`);
  await watch.page.locator('.player .round:enabled').waitFor();
  await faded(watch.page);
  return watch.page;
}

/** The box of an element of the replayed page as a watcher sees it, as shares of the shown screen. */
async function shownAt(page: Page, selector: string): Promise<Record<'x' | 'y' | 'width', number>> {
  const screen = (await page.locator('.device').boundingBox())!;
  const box = (await page.frameLocator('.player iframe').locator(selector).boundingBox())!;
  const share = (px: number) => Math.round((100 * px) / screen.width);
  return { x: share(box.x - screen.x), y: share(box.y - screen.y), width: share(box.width) };
}

test('fingers zoom into the page, and a watcher sees the part that the visitor saw', async () => {
  visit = await visitShop(browser, PHONE);
  await zoomIn(visit);
  await swipe(visit.protocol, [[300, 400]], [[100, 200]]);
  // By its width, too: while the fingers pinch, the left edge is far from the page's at times, and which view is told last is chance.
  const zoomed = async () => (await visit!.views()).findLast(({ left, seenWidth }) => left > 100 && seenWidth === 82);
  await expect.poll(zoomed).toBeTruthy();
  const view = (await zoomed())!;
  await zoomOut(visit);
  await recorded(visit, WHOLE);
  const page = await replayAt(await visit.lines(), view.atMs);
  await page.screenshot({ path: `${PICTURES}/phone-zoomed.png` });
  const headerPx = await page.frameLocator('.player iframe').locator('header').evaluate(({ clientWidth }) => clientWidth);

  expect(view).toMatchObject({ width: 412, height: 839, seenWidth: 82, seenHeight: 168 }); // five times, a browser's most
  expect(await page.locator('.zoomed').innerText()).toBe('Zoomed 5.0×');
  expect(headerPx).toBe(412);
  await expect.poll(async () => (await shownAt(page, 'header')).width).toBe(Math.round(41200 / 82));
  // A recording has whole pixels, which is up to one per cent of what is seen here.
  await expect.poll(async () => Math.abs((await shownAt(page, 'header')).x + (view.left * 100) / 82)).toBeLessThan(2);
});

test('the keyboard is a strip below what the visitor saw', async () => {
  visit = await visitShop(browser, PHONE);
  await visit.page.evaluate(KEYBOARD);
  const view = await recorded(visit, { ...WHOLE, keyboard: 300, seenHeight: 539 });
  await visit.page.evaluate(NO_KEYBOARD);
  const after = await recorded(visit, WHOLE);
  const lines = await visit.lines();
  const page = await replayAt(lines, view.atMs);
  const [screen, strip] = await Promise.all([page.locator('.device').boundingBox(), page.locator('.keyboard').boundingBox()]);
  await page.screenshot({ path: `${PICTURES}/phone-keyboard.png` });

  expect(strip!.height / screen!.height).toBeCloseTo(300 / 839, 2);
  expect(strip!.y + strip!.height).toBeCloseTo(screen!.y + screen!.height, 0);
  expect(await (await replayAt(lines, after.atMs)).locator('.keyboard').count()).toBe(0);
});

test('a keyboard that makes the page itself smaller is the same strip', async () => {
  visit = await visitShop(browser, PHONE);
  await visit.page.locator('#search').focus();
  await visit.page.setViewportSize({ width: 412, height: 500 });

  await recorded(visit, { ...WHOLE, height: 500, seenHeight: 500, keyboard: 339 });
});

test('a page that is turned is watched in a frame that is turned', async () => {
  visit = await visitShop(browser, PHONE);
  const upright = await recorded(visit, WHOLE);
  await visit.page.setViewportSize({ width: 839, height: 412 });
  const turned = await recorded(visit, { width: 839, height: 412 });
  await visit.page.touchscreen.tap(200, 200);
  const lines = await visit.lines();
  for (const [name, { atMs, width, height }] of Object.entries({ upright, turned })) {
    const page = await replayAt(lines, atMs);
    const ratio = async () => {
      const box = (await page.locator('.device').boundingBox())!;
      return box.width / box.height;
    };
    await expect.poll(ratio).toBeCloseTo(width / height, 1);
    await page.screenshot({ path: `${PICTURES}/phone-${name}.png` });
  }
});

test('taps and swipes are circles, not the arrow of a mouse', async () => {
  visit = await visitShop(browser, PHONE);
  await visit.page.touchscreen.tap(200, 200);
  await swipe(visit.protocol, [[200, 600]], [[200, 200]]);
  const scroll = async () => (await visit!.lines()).filter((line) => line.includes('"source":3,')).at(-1);
  await expect.poll(scroll).toBeTruthy();
  const page = await replayAt(await visit.lines(), (JSON.parse((await scroll())!) as { timestamp: number }).timestamp);

  expect(await page.locator('.replayer-mouse').getAttribute('class')).toContain('touch-device');
  await expect.poll(() => page.frameLocator('.player iframe').locator('html').evaluate((html) => html.scrollTop)).toBeGreaterThan(100);
});

test.for(['inputs', 'text', 'private'])('at the level %s the view is numbers alone', async (privacy) => {
  visit = await visitShop(browser, PHONE, { privacy });
  await zoomIn(visit);
  await recorded(visit, { seenWidth: 82 });

  const kinds = (await visit.views()).flatMap(({ touch, ...view }) => [typeof touch, ...Object.values(view).map((value) => typeof value)]);
  expect(new Set(kinds)).toEqual(new Set(['boolean', 'number']));
  expect((await visit.lines()).filter((line) => line.includes('rrweb-store:view')).every((line) => !/tea|harbour/i.test(line))).toBe(true);
});

test('a long zoom is told ten times a second at most', async () => {
  visit = await visitShop(browser, PHONE);
  const tookMs = await visit.page.evaluate<number>(`(async () => {
    const startMs = performance.now();
    let width = 412;
    Object.defineProperty(visualViewport, 'width', { get: () => width });
    while (width > 200) {
      width -= 1;
      visualViewport.dispatchEvent(new Event('resize'));
      await new Promise((soon) => setTimeout(soon, 5));
    }
    return performance.now() - startMs;
  })()`);
  await recorded(visit, { seenWidth: 200 });

  expect((await visit.views()).length).toBeLessThan(tookMs / 100 + 3);
});

test('a recording with views that cannot be true is shown whole', async () => {
  visit = await visitShop(browser, PHONE);
  const lines = await visit.lines();
  const { timestamp } = JSON.parse(lines.at(-1)!) as { timestamp: number };
  const wrong = [{ ...WHOLE, seenWidth: 0 }, { ...WHOLE, seenWidth: 1 }, { ...WHOLE, width: 1e9 }, { ...WHOLE, left: 'x' }, { ...WHOLE, keyboard: -5 }, null];
  const more = wrong.map((payload, n) => JSON.stringify({ type: 5, timestamp: timestamp + n, data: { tag: 'rrweb-store:view', payload } }));
  const page = await replayAt([...lines, ...more], timestamp + wrong.length);

  await expect.poll(() => shownAt(page, 'header')).toMatchObject({ x: 0, y: 0, width: 100 });
  expect(await page.locator('.zoomed, .keyboard, .mark-skipped').count()).toBe(0);
});

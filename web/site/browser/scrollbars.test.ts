/** Classic scrollbars, which take a part of the window: a page is replayed in the width in which it was laid out. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { type Box, boxesApart, boxesOf } from './boxes';
import { faded } from './faded';
import { SITE, type Visit, events, visitSite } from './given';
import { type RecordedVisit, visitShop } from './phone';
import { PICTURES } from './pictures';
import { watched } from './places';

let browser: Browser;
let visit: RecordedVisit;
let watch: Visit;
beforeAll(async () => {
  browser = await launchChromium({ ignoreDefaultArgs: ['--hide-scrollbars'] });
});
afterEach(() => Promise.all([visit.end(), watch.end()]));
afterAll(() => browser.close());

const WINDOW = { width: 1000, height: 700 };
/** At a limit of a media query; with things at the right edge, and an element that scrolls by itself. */
const page = (rows: number, scrollbar = '') => `<!doctype html><html lang="en"><title>Rows</title><style>${scrollbar}
  body { margin: 0; font: 16px/1.5 sans-serif } .half { display: inline-block; width: 50%; background: #bfdbfe }
  .fixed { position: fixed; right: 0; top: 0; width: 90px; background: #fde68a } .box { width: 300px; height: 80px; overflow: auto; background: #ddd }
  @media (min-width: 1000px) { .half { background: #bbf7d0; padding: 8px 0 } }
</style><body><h1 class="thing">Rows</h1><p class="fixed">fixed</p><div class="box"><p>${'words of a box that scrolls '.repeat(20)}</p></div>
<main>${'<p><span class="half">left</span><span class="half">right</span></p>'.repeat(rows)}</main></body></html>`;

async function boxesApartInReplay(rows: number, change: string, scrollbar = ''): Promise<string[]> {
  visit = await visitShop(browser, { viewport: WINDOW }, { page: page(rows, scrollbar) });
  await visit.page.evaluate(change);
  await expect
    .poll(async () => {
      await visit.page.mouse.click(20, 20); // a replay ends with its last event, and a scroll may come late
      return (await visit.lines()).at(-1);
    })
    .toContain('"source":2');
  const boxes = await visit.page.locator('html').evaluate(boxesOf);
  const lines = await visit.lines();
  const [first, last] = [lines[0]!, lines.at(-1)!].map((line) => (JSON.parse(line) as { timestamp: number }).timestamp) as [number, number];
  watch = await visitSite(browser, watched(() => events(lines)));
  await watch.page.goto(`${SITE}/recordings/recording-1?t=${(last - first) / 1000}`);
  await watch.page.locator('.player .round:enabled').waitFor();
  await faded(watch.page);
  await watch.page.screenshot({ path: `${PICTURES}/scrollbar-${rows}.png` });
  const replayed = await watch.page.frameLocator('.player iframe').locator('html').evaluate(boxesOf);
  return boxesApart(boxes, replayed as Box[]);
}

test('beside a scrollbar of the window nothing is elsewhere', async () => {
  expect(await boxesApartInReplay(30, 'scrollTo(0, 120)')).toEqual([]);
  expect((await visit.views()).at(-1)).toMatchObject({ touch: false, width: 985, height: 700, scrollbar: 15, seenWidth: 985 });
});

test('the edge of the window that was under a scrollbar is not shown', async () => {
  await boxesApartInReplay(30, '0');
  const [frame, screen] = await Promise.all([watch.page.locator('.player iframe').boundingBox(), watch.page.locator('.device').boundingBox()]);

  expect(frame!.width / screen!.width).toBeCloseTo(1000 / 985, 3);
});

test('a window without a scrollbar is shown whole, and has no event of its own', async () => {
  expect(await boxesApartInReplay(2, '0')).toEqual([]);
  expect(await visit.views()).toEqual([]);
});

test('a scrollbar that comes with the content moves what stands beside it', async () => {
  const more = "document.querySelector('main').insertAdjacentHTML('beforeend', '<p>row</p>'.repeat(60)); new Promise((done) => setTimeout(done, 300))";

  expect(await boxesApartInReplay(3, more)).toEqual([]);
});

test('a scrollbar in a width of the page’s own is kept', async () => {
  expect(await boxesApartInReplay(31, '0', '::-webkit-scrollbar { width: 6px } ::-webkit-scrollbar-thumb { background: #888 }')).toEqual([]);
  expect((await visit.views()).at(-1)).toMatchObject({ scrollbar: 6 });
});

/** A page that gets its size only as it is drawn, shown where the visitor had scrolled. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { openAt, recordPage, visitRecording } from './recorded-pages';

const SECTION = `<section style="content-visibility:auto;contain-intrinsic-size:auto 60px">${'<p>text</p>'.repeat(6)}</section>`;
const PAGE = `<!doctype html><html lang="en"><head><title>Sections</title></head><body>${SECTION.repeat(20)}</body></html>`;

test('a jump scrolls to where the page was, though its sections have no size yet', async () => {
  const moment = { atMs: 0, top: 0 };
  const recorded = await recordPage(browser, PAGE, async (page, see) => {
    for (const top of [500, 1_000, 1_500]) {
      await page.evaluate((y) => scrollTo(0, y), top);
      await expect.poll(() => page.evaluate(() => scrollY), { timeout: 40_000 }).toBe(top);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
    await expect.poll(see).toBeGreaterThan(0);
    await page.evaluate(() => new Promise((recorded) => setTimeout(recorded, 300))); // rrweb gathers positions
    Object.assign(moment, { atMs: await see(), top: await page.evaluate(() => scrollY) });
    await page.evaluate(() => (document.body.id = 'end')); // a replay ends with its last event
  });
  const visit = await visitRecording(browser, recorded);
  await openAt(visit, moment.atMs - recorded.startMs);

  await expect.poll(() => visit.page.evaluate(() => document.querySelector<HTMLIFrameElement>('.player iframe')!.contentWindow!.scrollY), { timeout: 40_000 }).toBe(moment.top);
  await visit.end();
});

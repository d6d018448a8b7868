/**
 * node record-hour.mjs --out FILE [--minutes 60]
 *
 * Records an hour on one page, by the page's own clock, and writes rrweb's events, one a line.
 * The clock runs as fast as the machine can, so it takes about a minute.
 */
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { launchChromium } from './chromium.mjs';
import { inPageBundle } from './in-page-bundle.mjs';
import { contextWithOnly } from './only-these-files.mjs';

const ORIGIN = 'https://board.example';
const BEGIN = new Date('2026-09-22T08:00:00Z');
const FILES = { '/': { contentType: 'text/html; charset=utf-8', body: '<!doctype html><html lang="en"><body></body></html>' } };

const { values } = parseArgs({ options: { out: { type: 'string' }, minutes: { type: 'string', default: '60' } } });
if (values.out === undefined) throw new Error('--out is needed');
const browser = await launchChromium();
const out = await open(values.out, 'w');
try {
  const context = await contextWithOnly(browser, ORIGIN, FILES, { width: 1280, height: 800 });
  const page = await context.newPage();
  await page.clock.install({ time: BEGIN });
  await page.goto(ORIGIN);
  await page.clock.pauseAt(new Date(BEGIN.getTime() + 1000));
  await page.evaluate(await inPageBundle('board-in-page.mjs', 'board'));
  await page.evaluate(() => board.start());
  for (let minute = 0; minute < Number(values.minutes); minute++) {
    await page.clock.runFor(60_000);
    await out.write(await page.evaluate(() => board.taken()));
  }
} finally {
  await out.close();
  await browser.close();
}

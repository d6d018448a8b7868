/** A tab that records for hours is written whole again and again, and starts anew after each pause: neither costs memory for good. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { bundled } from './rebuilt/bundled';

const TIMES = 20;
/** rrweb 2.1.6 keeps 3 to 34 million of these pages. */
const MAX_GROWN_BYTES = 2_000_000;
const PAGES = {
  'shadow trees': '<div><template shadowrootmode=open><p>one</p></template></div>'.repeat(300),
  frames: '<iframe srcdoc="<p>one</p>"></iframe>'.repeat(20),
  fields: '<input><select><option>one</select><textarea></textarea>'.repeat(100),
};

let recorder: string;

beforeAll(async () => {
  recorder = await bundled('record-in-page', 'recorder');
}, 60_000);

test.for(Object.entries(PAGES).flatMap(([name, body]) => [['snapshots', name, body], ['starts', name, body]] as const))('%s of %s', async ([what, , body]) => {
  const page = await browser.newPage();
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><body>${body}` }));
  await page.goto('https://recorded.example/');
  await page.evaluate(recorder);
  await page.evaluate('recorder.start()');
  const repeat = async (): Promise<void> => {
    for (let n = 0; n < TIMES; n += 1) await page.evaluate(what === 'snapshots' ? 'recorder.takeSnapshot()' : 'recorder.stop(); recorder.start(); recorder.takeSnapshot()');
  };
  await repeat(); // what is made once is there now
  const before = await heapBytes(page);
  await repeat();
  const grown = (await heapBytes(page)) - before;
  await page.close();

  expect(grown).toBeLessThan(MAX_GROWN_BYTES);
});

/** Once frames are recorded, which happens in tasks of their own, and nothing is left to collect. */
async function heapBytes(page: Page): Promise<number> {
  await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
  const protocol = await page.context().newCDPSession(page);
  for (let n = 0; n < 3; n += 1) await protocol.send('HeapProfiler.collectGarbage');
  const { usedSize } = await protocol.send('Runtime.getHeapUsage');
  await protocol.detach();
  return usedSize;
}

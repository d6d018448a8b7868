/**
 * echo '{"apiUrl", "idToken", "seconds", "maxWaitingBytes"}' | node memory.mjs
 *
 * Records a page whose list of 200 rows is rendered again each second, with the API up and with it down, both at the
 * same time, and prints as JSON the bytes of the page's heap after each minute. `maxWaitingBytes` is what may wait for the
 * API that is down.
 */
import { text } from 'node:stream/consumers';
import { launchChromium } from '../recorded-session/chromium.mjs';
import { bundleOf } from './bundle.mjs';
import { html } from './minute.mjs';
import { servePage } from './page-server.mjs';
import { openSink, passingOnTo } from './sink.mjs';

const MINUTE_MS = 60_000;

/** @type {{ apiUrl: string, idToken: string, seconds: number, maxWaitingBytes: number }} */
const given = JSON.parse(await text(process.stdin));
const script = await bundleOf('ours');

/** Renders the rows of the page's list each second. */
const RENDER = `let time = 0; setInterval(() => render(time += 1), 1_000);`;

/** @param {boolean} isUp */
async function heapsOf(isUp) {
  const sink = await openSink(isUp ? passingOnTo(given.apiUrl) : () => Promise.reject(new Error('down')));
  const options = isUp ? {} : { maxWaitingBytes: given.maxWaitingBytes };
  const server = await servePage(script, { sink: sink.url, token: given.idToken, ...options }, () => html('/'));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const protocol = await page.context().newCDPSession(page);
    /** The size of the heap after a garbage collection. */
    const heapBytes = async () => {
      await protocol.send('HeapProfiler.collectGarbage');
      const heap = /** @type {{ usedSize: number, backingStorageSize?: number }} */ (await protocol.send('Runtime.getHeapUsage'));
      return heap.usedSize + (heap.backingStorageSize ?? 0);
    };
    await page.goto(server.url);
    await page.waitForTimeout(2_000);
    const heaps = [await heapBytes()];
    await page.evaluate(RENDER);
    const began = Date.now();
    for (let ms = MINUTE_MS; ms <= given.seconds * 1000; ms += MINUTE_MS) {
      await page.waitForTimeout(Math.max(0, began + ms - Date.now()));
      heaps.push(await heapBytes());
    }
    return heaps;
  } finally {
    await browser.close();
    server.close();
    await sink.close();
  }
}

const [up, down] = await Promise.all([heapsOf(true), heapsOf(false)]);
console.log(JSON.stringify({ up, down }));

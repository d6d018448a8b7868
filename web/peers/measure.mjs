/**
 * echo '{"apiUrl", "client", "token"}' | node measure.mjs
 *
 * Plays the scripted minute under a recorder in headless Chromium, and prints as JSON what it sent and cost.
 */
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { launchChromium } from '../recorded-session/chromium.mjs';
import { highlight, openReplay, original, rrwebCloud } from './answers.mjs';
import { bundleOf } from './bundle.mjs';
import { MARKERS, html, playMinute } from './minute.mjs';
import { servePage } from './page-server.mjs';
import { openSink, passingOnTo } from './sink.mjs';

/** @type {{ apiUrl: string, client: string, token?: string }} `token`: an ID token, or the write key of a site */
const given = JSON.parse(await text(process.stdin));

/** @type {Record<string, (asked: import('./sink.mjs').Asked) => Promise<import('./sink.mjs').Answer>>} */
const ANSWERS = {
  none: rrwebCloud, bare: rrwebCloud, ours: passingOnTo(given.apiUrl), 'ours-site': passingOnTo(given.apiUrl), 'ours-plugins': passingOnTo(given.apiUrl), original, openreplay: openReplay, 'browser-client': rrwebCloud, highlight,
};

/** @param {string} client */
async function measure(client) {
  const script = await bundleOf(client);
  const respond = ANSWERS[client];
  if (!respond) throw new Error(`there are no answers for ${client}`);
  const sink = await openSink(respond);
  const server = await servePage(script, { sink: sink.url, token: given.token ?? 'public-key-of-a-project' }, html);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    await context.addInitScript(lookLikeAPerson);
    const page = await context.newPage();
    const wall = await tasksOf(page, 'timeTicks');
    const cpu = await tasksOf(page, 'threadTicks');
    await playMinute(page, server.url, async () => {
      await wall.read();
      await cpu.read();
    });
    await context.close();
    const { text: sent, ...counted } = sink.counted();
    return {
      client,
      ...counted,
      missing: MARKERS.filter((marker) => !sent.includes(marker)),
      taskMs: wall.ms(),
      cpuMs: cpu.ms(),
      scriptBytes: gzipSync(script).length,
    };
  } finally {
    await browser.close();
    server.close();
    await sink.close();
  }
}

/**
 * The tasks of a page's main thread: by the clock, or by the thread's own time.
 *
 * @param {import('playwright-core').Page} page
 * @param {'timeTicks' | 'threadTicks'} timeDomain
 */
async function tasksOf(page, timeDomain) {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Performance.enable', { timeDomain });
  let tasksS = 0;
  let beforeS = 0;
  return {
    /** Before each page is left. */
    async read() {
      const { metrics } = await protocol.send('Performance.getMetrics');
      const nowS = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
      tasksS += nowS < beforeS ? nowS : nowS - beforeS; // a page in a new process starts from 0
      beforeS = nowS;
    },
    ms: () => tasksS * 1000,
  };
}

/** Some recorders do not record automated browsers. */
function lookLikeAPerson() {
  Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false });
}

console.log(JSON.stringify(await measure(given.client)));

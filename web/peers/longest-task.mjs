/**
 * echo '{"rows", "visits"}' | node longest-task.mjs
 *
 * Records a large page that doubles its rows, under a profile of the processor, and prints as JSON for each visit the
 * most milliseconds of the processor that one task spent in our modules and in rrweb's, and the nodes of the snapshot.
 */
import { text } from 'node:stream/consumers';
import { launchChromium } from '../recorded-session/chromium.mjs';
import { tasksDuring } from '../recorded-session/main-thread.mjs';
import { bundleOf } from './bundle.mjs';
import { servePage } from './page-server.mjs';
import { json, openSink } from './sink.mjs';

/** @typedef {import('../recorded-session/main-thread.mjs').Task} Task */
/** @typedef {{ nodes: { id: number, callFrame: { url: string, lineNumber: number }, children?: number[] }[], startTime: number, samples?: number[], timeDeltas?: number[] }} CpuProfile */
/** @typedef {'ours' | 'rrweb'} Owner */

const SAMPLE_US = 500;
/** A shorter task is of no interest, and has hardly a sample. */
const SHORT_US = 1_000;
/** Our recorder reads who the user is from a token, and of an answer its status. */
const TOKEN = `a.${Buffer.from(JSON.stringify({ sub: 'a-user' })).toString('base64url')}.token`;
/** @param {import('./sink.mjs').Asked} asked */
const taken = async (asked) => json(asked, {});

/** @type {{ rows: number, visits: number }} */
const given = JSON.parse(await text(process.stdin));
const script = await bundleOf('ours', { readable: true });
const owners = ownerOfEachLine(script);
const rows = Array.from({ length: given.rows }, (_, n) => `<li class=row data-n=${n}><b>row ${n}</b></li>`).join('');
const html = `<!doctype html><title>Large</title><ul id="list">${rows}</ul>
<script src="/settings.js"></script><script src="/client.js"></script>`;

/** @param {import('playwright-core').Browser} browser */
async function visit(browser) {
  const sink = await openSink(taken);
  // The level masks more than a user's.
  const settings = { sink: sink.url, token: TOKEN, privacy: 'text', flushMs: 200, screenshot: false };
  const server = await servePage(script, settings, () => html);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const protocol = await context.newCDPSession(page);
    const { result, tasks } = await tasksDuring(browser, page, async () => {
      await protocol.send('Profiler.enable');
      await protocol.send('Profiler.setSamplingInterval', { interval: SAMPLE_US });
      await protocol.send('Profiler.start');
      await page.goto(server.url);
      await page.evaluate('recording.flush()');
      await page.evaluate('list.append(...[...list.children].map((row) => row.cloneNode(true)))');
      await page.evaluate('recording.flush()');
      return protocol.send('Profiler.stop');
    });
    return { ...longestMs(result.profile, tasks), nodes: snapshotNodes(sink.counted().text) };
  } finally {
    await context.close();
    server.close();
    await sink.close();
  }
}

/**
 * Whose module each line of a readable bundle is of; `undefined` before the first.
 *
 * @param {string} bundle
 * @returns {(Owner | undefined)[]}
 */
function ownerOfEachLine(bundle) {
  /** @type {Owner | undefined} */
  let owner;
  return bundle.split('\n').map((line) => {
    const [, path] = /^\s*\/\/ (\S+\.(?:ts|js|mjs))$/.exec(line) ?? [];
    if (path) owner = path.includes('node_modules/') ? 'rrweb' : 'ours';
    return owner;
  });
}

/**
 * For each owner, the most milliseconds of the processor that one task spent on it. A sample is of the innermost function
 * of the bundle on the stack: what ours calls of the browser's own, such as JSON.stringify, is ours.
 *
 * @param {CpuProfile} profile
 * @param {Task[]} tasks
 */
function longestMs({ nodes, startTime, samples = [], timeDeltas = [] }, tasks) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  /** @param {number | undefined} id */
  const ownerOf = (id) => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at);
      if (frame?.url.endsWith('/client.js')) return owners[frame.lineNumber];
    }
    return undefined;
  };

  const long = tasks.filter(({ startUs, endUs }) => endUs - startUs > SHORT_US);
  const spent = { ours: long.map(() => 0), rrweb: long.map(() => 0) };
  let atUs = startTime;
  for (const [n, id] of samples.entries()) {
    const sinceUs = timeDeltas[n] ?? 0;
    atUs += sinceUs;
    const place = long.findLastIndex(({ startUs }) => startUs <= atUs);
    const task = long[place];
    const owner = ownerOf(id);
    if (!task || !owner || atUs > task.endUs) continue;
    // Of the time by the clock: a thread that the machine lets wait does not run.
    const share = (task.cpuMs * 1000) / (task.endUs - task.startUs);
    spent[owner][place] = (spent[owner][place] ?? 0) + (Math.min(sinceUs, atUs - task.startUs) / 1000) * share;
  }
  return { oursMs: Math.max(0, ...spent.ours), rrwebMs: Math.max(0, ...spent.rrweb) };
}

/**
 * The number of nodes of the full snapshot in batches of NDJSON; 0 without one.
 *
 * @param {string} batches
 */
function snapshotNodes(batches) {
  const snapshot = batches.split('\n').find((line) => line.startsWith('{"type":2,'));
  return snapshot?.match(/"id":\d/g)?.length ?? 0;
}

const browser = await launchChromium();
try {
  const visits = [];
  for (let n = 0; n < given.visits; n += 1) visits.push(await visit(browser));
  console.log(JSON.stringify(visits));
} finally {
  await browser.close();
}

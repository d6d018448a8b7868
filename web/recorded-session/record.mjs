/**
 * Records a visit to `page/` and writes it to tests/data: session.ndjson (one rrweb event a line) and
 * session.expected.json (the page's content at its end). Exits 1 if the recording is unfit for tests.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingChromiumError, launchChromium } from './chromium.mjs';
import { inPageBundle } from './in-page-bundle.mjs';
import { contextWithOnly } from './only-these-files.mjs';
import { SECRETS, visit } from './visitor.mjs';

const ORIGIN = 'https://playground.example';
const PAGE = new URL('page/', import.meta.url);
const DATA = new URL('../../tests/data/', import.meta.url);
const VIEWPORT = { width: 1280, height: 800 };
/** Enough events for a useful test, in a file that is small enough for the repository. */
const MIN_EVENTS = 300;
const MAX_BYTES = 1_000_000;

/** @type {Record<string, string>} */
const CONTENT_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of `page/`, by the path at which they are served. */
async function pageFiles() {
  /** @type {Record<string, import('./only-these-files.mjs').ServedFile>} */
  const files = {};
  for (const name of await readdir(PAGE)) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (!contentType) throw new Error(`page/${name}: add its content type to CONTENT_TYPES`);
    files[name === 'index.html' ? '/' : `/${name}`] = { contentType, body: await readFile(new URL(name, PAGE)) };
  }
  return files;
}

/**
 * The recording of one visit.
 *
 * @throws {Error} the page had an error, or the visitor did not find an element
 */
async function recordVisit() {
  const browser = await launchChromium();
  try {
    const context = await contextWithOnly(browser, ORIGIN, await pageFiles(), VIEWPORT);
    const page = await context.newPage();
    /** @type {Error[]} */
    const pageErrors = [];
    page.on('pageerror', (error) => pageErrors.push(error));
    await page.addInitScript(await inPageBundle('recorder-in-page.mjs', 'recorder'));
    await page.goto(`${ORIGIN}/`);
    await visit(page);
    const recording = await page.evaluate(() => recorder.finish());
    if (pageErrors[0]) throw new Error('the page had an error while it was recorded', { cause: pageErrors[0] });
    return recording;
  } finally {
    await browser.close();
  }
}

/**
 * The reasons why this recording must not be committed; empty if there are none.
 *
 * @param {string} ndjson
 * @param {number} events
 * @returns {string[]}
 */
function faults(ndjson, events) {
  const bytes = Buffer.byteLength(ndjson);
  return [
    ...(events < MIN_EVENTS ? [`it has ${events} events, fewer than ${MIN_EVENTS}`] : []),
    ...(bytes > MAX_BYTES ? [`it has ${bytes} bytes, more than ${MAX_BYTES}`] : []),
    ...Object.entries(SECRETS)
      .filter(([, secret]) => ndjson.includes(JSON.stringify(secret).slice(1, -1)))
      .map(([field]) => `it holds what was typed into "${field}"`),
    ...(/127\.0\.0\.1|localhost|file:/.test(ndjson) ? ['it names this machine'] : []),
  ];
}

try {
  const { events, facts } = await recordVisit();
  const ndjson = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const found = faults(ndjson, events.length);
  if (found.length > 0) throw new Error(`not written, because ${found.join(', and ')}`);
  await mkdir(DATA, { recursive: true });
  await writeFile(new URL('session.ndjson', DATA), ndjson);
  const expected = { events: events.length, ...facts };
  await writeFile(new URL('session.expected.json', DATA), `${JSON.stringify(expected, null, 2)}\n`);
  const seconds = ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0)) / 1000;
  console.log(
    `recorded ${events.length} events, ${seconds.toFixed(1)} s, ${Buffer.byteLength(ndjson)} bytes into ${fileURLToPath(DATA)}`,
  );
} catch (error) {
  console.error(error instanceof MissingChromiumError ? `record: ${error.message}` : error);
  process.exitCode = error instanceof MissingChromiumError ? 2 : 1;
}

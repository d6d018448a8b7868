/**
 * node replay.mjs --events FILE.ndjson [--expected FILE.json] [--screenshot OUT.png]
 *
 * Replays a recording in headless Chromium and compares the page at its end with the recorded one.
 * Exits 0 if they are equal, 1 if they differ (stderr says where), 2 if Chromium or a file is missing.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MissingChromiumError, launchChromium } from './chromium.mjs';
import { differences } from './differences.mjs';
import { inPageBundle } from './in-page-bundle.mjs';
import { contextWithOnly } from './only-these-files.mjs';

/** @typedef {import('@rrweb/types').eventWithTime} Event */

const USAGE = 'usage: node replay.mjs --events FILE.ndjson [--expected FILE.json] [--screenshot OUT.png]';
const EXPECTED = fileURLToPath(new URL('../../tests/data/session.expected.json', import.meta.url));
const ORIGIN = 'https://replay.example';
/** More would hide the first one, which matters most. */
const MAX_DIFFERENCES_SHOWN = 10;

/** The command line or a file that it names is invalid. The message says why. */
class UsageError extends Error {
  /** @override */
  name = 'UsageError';
}

/**
 * The command line.
 *
 * @throws {UsageError}
 */
function options() {
  try {
    const { values } = parseArgs({
      options: {
        events: { type: 'string' },
        expected: { type: 'string', default: EXPECTED },
        screenshot: { type: 'string' },
      },
    });
    if (!values.events) throw new UsageError('--events is missing');
    if (values.screenshot && !values.screenshot.endsWith('.png')) {
      throw new UsageError(`--screenshot must end in .png, got ${values.screenshot}`);
    }
    return { ...values, events: values.events };
  } catch (cause) {
    throw new UsageError(`${messageOf(cause)}; ${USAGE}`, { cause });
  }
}

/**
 * The events in a file of one JSON object a line.
 *
 * @param {string} path
 * @returns {Promise<Event[]>}
 * @throws {UsageError}
 */
async function eventsIn(path) {
  const lines = (await textOf(path)).split('\n');
  const events = lines.flatMap((line, index) => {
    if (line === '') return [];
    return [/** @type {Event} */ (parsed(line, `${path}, line ${index + 1}`))];
  });
  if (events.length < 2) throw new UsageError(`${path} has ${events.length} event(s); a replay needs at least 2`);
  return events;
}

/**
 * @param {string} json
 * @param {string} where file and line, for the message
 * @returns {unknown}
 * @throws {UsageError}
 */
function parsed(json, where) {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new UsageError(`${where} is not JSON: ${json.slice(0, 60)}`, { cause });
  }
}

/**
 * @param {string} path
 * @throws {UsageError}
 */
async function textOf(path) {
  return readFile(path, 'utf8').catch((cause) => {
    throw new UsageError(`cannot read ${path} (${messageOf(cause)})`, { cause });
  });
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The player's report on these events; writes a picture of the last frame to `screenshot`, if given.
 *
 * @param {Event[]} events
 * @param {string | undefined} screenshot
 */
async function replayed(events, screenshot) {
  const style = await readFile(createRequire(import.meta.url).resolve('@rrweb/replay/dist/style.css'), 'utf8');
  const html = `<!doctype html><title>Replay</title><style>${style} body { margin: 0 } iframe { border: 0 }</style>`;
  const browser = await launchChromium();
  try {
    const files = { '/': { contentType: 'text/html; charset=utf-8', body: html } };
    const context = await contextWithOnly(browser, ORIGIN, files, { width: 1280, height: 800 });
    const page = await context.newPage();
    await page.goto(`${ORIGIN}/`);
    await page.addScriptTag({ content: await inPageBundle('player-in-page.mjs', 'player') });
    // As text: Playwright's types cannot follow those of rrweb's nested nodes.
    const report = await page.evaluate((json) => player.replayToEnd(JSON.parse(json)), JSON.stringify(events));
    if (screenshot) await page.locator('iframe').screenshot({ path: screenshot });
    return report;
  } finally {
    await browser.close();
  }
}

try {
  const { events: path, expected, screenshot } = options();
  const events = await eventsIn(path);
  const recorded = parsed(await textOf(expected), expected);
  const { facts, warnings, durationMs } = await replayed(events, screenshot);
  const found = [
    ...differences(recorded, { events: events.length, ...facts }),
    ...warnings.map((warning) => `the player could not apply an event: ${warning.slice(0, 200)}`),
  ];
  if (found.length === 0) {
    const seconds = (durationMs / 1000).toFixed(1);
    console.log(`replayed ${events.length} events, ${seconds} s: the replayed page equals the recorded one`);
  } else {
    console.error(`replayed ${events.length} events: the replayed page is not the recorded one`);
    for (const line of found.slice(0, MAX_DIFFERENCES_SHOWN)) console.error(`  ${line}`);
    if (found.length > MAX_DIFFERENCES_SHOWN) console.error(`  and ${found.length - MAX_DIFFERENCES_SHOWN} more`);
    process.exitCode = 1;
  }
} catch (error) {
  const cannotStart = error instanceof UsageError || error instanceof MissingChromiumError;
  console.error(cannotStart ? `replay: ${error.message}` : error);
  process.exitCode = cannotStart ? 2 : 1;
}

/**
 * Stores a recording: `tsx store.ts --events FILE.ndjson --recording ID [--inline]`, with API_URL and ID_TOKEN set.
 *
 * Large images and fonts are sent as assets, unless `--inline`. Prints as JSON the requests and the bytes of their bodies.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { assetRequest, createAssetStore, extractAssets } from 'assets';
import { apiUrl, countingFetch, getToken, request, sent } from './api';

/** The API takes 767,000 bytes. gzip makes random bytes larger, but by less than the difference. */
const MAX_APPENDED_BYTES = 750_000;

const { values } = parseArgs({
  options: { events: { type: 'string' }, recording: { type: 'string' }, inline: { type: 'boolean', default: false } },
});
if (!values.events || !values.recording) throw new Error('--events FILE and --recording ID are needed');

const lines = (await readFile(values.events, 'utf8')).split('\n').filter(Boolean);
const recording = `/recordings/${values.recording}`;
const about = { startedAtMs: JSON.parse(lines[0] ?? '{}').timestamp, pageUrl: 'https://photographs.example/' };
await request('PUT', recording, [201], {
  body: new TextEncoder().encode(JSON.stringify(about)),
  headers: { 'Content-Type': 'application/json' },
});
const storeAssets = createAssetStore({
  ask: async (asset, step) => countingFetch(...assetRequest(apiUrl, await getToken(), asset, step)),
});
const kept: string[] = [];
for (const line of lines) kept.push(values.inline ? line : await withAssetsStored(line));
for (const [sequence, batch] of batches(kept).entries()) await send(sequence, gzipSync(batch));
console.log(JSON.stringify(sent));

async function withAssetsStored(line: string): Promise<string> {
  const extracted = await extractAssets(line);
  await storeAssets(extracted.assets);
  return extracted.line;
}

/** Batches of as many lines as certainly fit, and of at least one. */
function batches(all: readonly string[]): string[] {
  const made: string[] = [];
  for (const line of all) {
    const last = made.at(-1);
    if (last !== undefined && Buffer.byteLength(last) + Buffer.byteLength(line) < MAX_APPENDED_BYTES) {
      made[made.length - 1] = `${last}${line}\n`;
    } else {
      made.push(`${line}\n`);
    }
  }
  return made;
}

async function send(sequence: number, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'Content-Type': 'application/gzip' };
  if (body.byteLength > MAX_APPENDED_BYTES) {
    await request('PUT', `${recording}/events/${sequence}`, [200, 412], { body, headers });
  } else {
    const numbered = { ...headers, 'Batch-Sequence': String(sequence) };
    await request('POST', `${recording}/events`, [202], { body, headers: numbered });
  }
}

/**
 * Reads a recording back, and restores its assets: `tsx restore.ts --recording ID --out FILE.ndjson`, with API_URL and
 * ID_TOKEN set. Prints the events that could not be read, and the assets that are missing, as JSON.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { restoreAssets } from 'assets';
import { request } from './api';

const { values } = parseArgs({ options: { recording: { type: 'string' }, out: { type: 'string' } } });
if (!values.recording || !values.out) throw new Error('--recording ID and --out FILE are needed');

const restored: string[] = [];
const missing = new Set<string>();
let skipped = 0;
for await (const line of storedLines(values.recording)) {
  const { line: whole, missing: gone } = await restoreAssets(line, getAsset);
  restored.push(`${whole}\n`);
  for (const sha256 of gone) missing.add(sha256);
}
await writeFile(values.out, restored.join(''));
console.log(JSON.stringify({ events: restored.length, skipped, missing: [...missing] }));

async function* storedLines(recording: string): AsyncGenerator<string> {
  let query = '';
  let begun = ''; // an event larger than an answer goes over several
  for (let more = true; more; ) {
    const headers = { Accept: 'application/gzip' };
    const page = await request('GET', `/recordings/${recording}/events${query}`, [200], { headers });
    skipped += Number(page.headers.get('Events-Skipped'));
    more = page.headers.get('Has-More') === 'true';
    query = `?cursor=${encodeURIComponent(page.headers.get('Next-Cursor') ?? '')}`;
    const lines = (begun + (await page.text())).split('\n');
    begun = lines.pop() ?? '';
    yield* lines.filter(Boolean);
  }
}

async function getAsset(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // The first media type of Accept decides whether API Gateway answers with bytes.
  const headers = { Accept: 'application/octet-stream' };
  const answer = await request('GET', `/assets/${sha256}`, [200, 404], { headers });
  return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : undefined;
}

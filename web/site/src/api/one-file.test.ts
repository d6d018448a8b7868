import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MAX_FILE_BYTES, PLACE } from '../one-file/format';
import { TooLargeError, collectOneFile } from './one-file';
import { ProblemError } from './errors';

const never = new AbortController().signal;
const readTemplate = async () => `<before>${PLACE}<after>`;
const HOSTILE = `</script><script>alert(1)</script><!-- "'😀\0`;
const RECORDING = { recordingId: 'r1', createdAtMs: 1, hasScreenshot: true, expiresAtMs: 9, pageTitle: HOSTILE };

const digest = (bytes: string) => createHash('sha256').update(bytes).digest('hex');

/** An API with these pages of lines and these assets. */
function apiOf(pages: readonly (readonly string[])[], assets: readonly string[] = [], headers: Record<string, string> = {}) {
  const stored = new Map(assets.map((one) => [digest(one), one]));
  return async (path: string): Promise<Response> => {
    const name = /^\/assets\/(.*)$/.exec(path)?.[1];
    if (name !== undefined) {
      if (!stored.has(name)) throw new ProblemError(404, 'Not found', '', '', 0);
      return new Response(stored.get(name)!);
    }
    const at = Number(new URLSearchParams(path.split('?')[1]).get('cursor') ?? 0);
    return new Response(pages[at]!.map((line) => `${line}\n`).join(''), { headers: { 'Next-Cursor': `${at + 1}`, 'Has-More': `${at + 1 < pages.length}`, ...headers } });
  };
}

/** The parts of a page as names and texts, and what is around them. */
async function partsOf(file: Blob) {
  const page = await file.text();
  const parts = [...page.matchAll(/<script type="application\/octet-stream" data-part="([a-z0-9]+)">([A-Za-z0-9+/=]+)<\/script>\n/g)];
  const around = parts.reduce((rest, [whole]) => rest.replace(whole, ''), page);
  return { around, parts: parts.map(([, name, data]) => [name, gunzipSync(Buffer.from(data!, 'base64')).toString()] as const) };
}

const event = (atMs: number, tag = 'x', payload: object = {}): string => JSON.stringify({ type: 5, timestamp: 1000 + atMs, data: { tag, payload } });

test('a page has the events, the assets that they name once, and what the recorder told of the recording', async () => {
  const [font, picture] = ['font', '<svg><script>alert(1)</script></svg>'];
  const stored = { 'https://a.example/p.svg': [digest(picture), 'image/svg+xml'], 'https://a.example/x': [digest('gone'), 'image/png'], 'https://a.example/y': ['../../etc', 'image/png'], z: null };
  const lines = [event(0, HOSTILE, { font: `rrweb-asset:${digest(font)}` }), event(5, 'rrweb-store:resources', { stored }), event(9, 'y', { font: `rrweb-asset:${digest(font)}` })];
  const told: number[][] = [];

  const file = await collectOneFile(apiOf([lines.slice(0, 1), lines.slice(1)], [font, picture], { 'Missing-Sequences': '3' }), RECORDING, {
    signal: never,
    onProgress: (...now) => told.push(now),
    readTemplate,
  });
  const { around, parts } = await partsOf(file);

  expect(around).toBe('<before><after>');
  expect(parts.slice(0, -1)).toEqual([[digest(font), font], ['events', `${lines[0]}\n`], [digest(picture), picture], ['events', `${lines[1]}\n${lines[2]}\n`]]);
  expect(parts.at(-1)![0]).toBe('about');
  expect(JSON.parse(parts.at(-1)![1])).toEqual({
    recording: { recordingId: 'r1', createdAtMs: 1, pageTitle: HOSTILE },
    pages: [{ missing: '3', skipped: 0 }, { missing: '3', skipped: 0 }],
    missingAssets: 1,
  });
  expect(told.at(-1)![0]).toBe(9);
});

test('bytes that are not those of their name are missing', async () => {
  const file = await collectOneFile(
    async (path) => (path.startsWith('/assets') ? new Response('other') : apiOf([[event(0, 'x', { a: `rrweb-asset:${digest('mine')}` })]])(path)),
    RECORDING,
    { signal: never, onProgress: () => {}, readTemplate },
  );
  const { parts } = await partsOf(file);

  expect(parts.map(([name]) => name)).toEqual(['events', 'about']);
  expect(parts[1]![1]).toContain('"missingAssets":1');
});

test('a part has its own events and moment, and later pages are not asked for', async () => {
  const asked: string[] = [];
  const api = apiOf([[event(0), event(1000)], [event(5000), event(9000)], [event(20_000)]]);

  const file = await collectOneFile((path) => (asked.push(path), api(path)), RECORDING, { signal: never, onProgress: () => {}, readTemplate, range: { fromMs: 4000, toMs: 6000 } });
  const { parts } = await partsOf(file);

  expect(parts[0]).toEqual(['events', [event(0), event(1000), event(5000)].map((line) => `${line}\n`).join('')]);
  expect(JSON.parse(parts[1]![1])).toMatchObject({ atMs: 4000 });
  expect(asked).toHaveLength(2);
});

test('a page over the limit is refused with the size that it would have', async () => {
  const long = async () => `${' '.repeat(MAX_FILE_BYTES)}${PLACE}`.concat('<after>');

  const refused = await collectOneFile(apiOf([[event(0), event(60_000)]]), RECORDING, { signal: never, onProgress: () => {}, readTemplate: long }).catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(TooLargeError);
  expect((refused as TooLargeError).bytes).toBeGreaterThan(MAX_FILE_BYTES);
  expect((refused as TooLargeError).lengthMs).toBe(60_000);
});

test('a text that is no template takes no recording', async () => {
  const collected = collectOneFile(apiOf([[]]), RECORDING, { signal: never, onProgress: () => {}, readTemplate: async () => '<!doctype html>' });

  await expect(collected).rejects.toThrow('no page that takes a recording');
});

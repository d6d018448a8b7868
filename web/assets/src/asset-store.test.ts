import { afterEach, expect, it, vi } from 'vitest';
import { AssetRefusedError, assetRequest, createAssetStore, isKnown } from './asset-store';
import { type Asset, extractAssets } from './extract';

async function asset(mediaType = 'image/png'): Promise<Asset> {
  const { assets } = await extractAssets(`data:${mediaType};base64,aGVsbG8=`, { minBytes: 1 });
  return assets[0]!;
}

const NOW_MS = Date.UTC(2026, 10, 27);
const HOUR_MS = 3600 * 1000;
const dated = (ms: number) => new Date(ms).toUTCString();
/** What the API says of an asset that is there, by its own clock, which is no client's. */
const storedHoursAgo = (hours: number) => ({ Date: dated(NOW_MS), 'Last-Modified': dated(NOW_MS - hours * HOUR_MS) });
const YOUNG = storedHoursAgo(1);

afterEach(() => void vi.useRealTimers());

/** A store whose API gives these answers, one after the other, and what it was asked. */
function storeAnswering(...statuses: number[]) {
  return storeSaying(YOUNG, ...statuses);
}

/** The same, with these headers on every answer. */
function storeSaying(headers: Record<string, string>, ...statuses: number[]) {
  const asked: { method: string | undefined; url: string; headers: Headers; cache: string | undefined }[] = [];
  const fetch = async (url: RequestInfo | URL, request?: RequestInit) => {
    asked.push({
      method: request?.method, url: String(url), headers: new Headers(request?.headers), cache: request?.cache,
    });
    const status = statuses.shift();
    if (!status) throw new TypeError('Failed to fetch');
    return new Response(null, { status, headers });
  };
  const store = createAssetStore({
    ask: async (one, step) => fetch(...assetRequest('https://api.example/v1', 'token', one, step)),
  });
  return { store, asked, methods: () => asked.map(({ method }) => method) };
}

it('checks first, then sends with the checksum that S3 verifies', async () => {
  const { store, asked } = storeAnswering(404, 200);
  const hello = await asset();

  await store([hello]);

  expect(asked.map(({ method, url }) => [method, url])).toEqual([
    ['HEAD', `https://api.example/v1/assets/${hello.sha256}`],
    ['PUT', `https://api.example/v1/assets/${hello.sha256}`],
  ]);
  expect(Object.fromEntries(asked[1]!.headers)).toEqual({
    authorization: 'Bearer token',
    'content-type': 'image/png',
    'x-amz-checksum-sha256': 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
  });
});

it.each([200, 409, 412])('treats %d as stored, and does not check again', async (status) => {
  const { store, methods } = storeAnswering(404, status);

  await store([await asset()]);
  await store([await asset()]);

  expect(methods()).toEqual(['HEAD', 'PUT']);
});

it('sends nothing that is stored', async () => {
  const { store, methods } = storeAnswering(200);

  await Promise.all([store([await asset()]), store([await asset()])]);

  expect(methods()).toEqual(['HEAD']);
});

it.each([
  ['seven days', storedHoursAgo(168), ['HEAD']],
  ['more than seven days', storedHoursAgo(169), ['HEAD', 'POST']],
  ['nobody knows how many days, without Last-Modified,', { Date: YOUNG.Date }, ['HEAD', 'POST']],
  ['nobody knows how many days, without Date,', { 'Last-Modified': YOUNG['Last-Modified'] }, ['HEAD', 'POST']],
])('sends again what was stored %s ago', async (_, headers, expected) => {
  const { store, asked, methods } = storeSaying(headers, 200, 200);
  const hello = await asset();

  await store([hello]);

  expect(methods()).toEqual(expected);
  expect(new Set(asked.map(({ url }) => url))).toEqual(new Set([`https://api.example/v1/assets/${hello.sha256}`]));
});

it('checks with the server, not a cache', async () => {
  const { store, asked } = storeAnswering(200);
  await store([await asset()]);

  expect(asked.map(({ cache }) => cache)).toEqual(['no-store']);
});

it('checks again after twelve hours, and when the clock was set back', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
  const { store, methods } = storeAnswering(200, 200, 200);
  const hello = await asset();
  const asksAfter = async (ms: number) => {
    vi.setSystemTime(Date.now() + ms);
    await store([hello]);
    return methods().length;
  };

  expect(await asksAfter(0)).toBe(1);
  expect(await asksAfter(12 * HOUR_MS - 1)).toBe(1);
  expect(await asksAfter(1)).toBe(2);
  expect(await asksAfter(-1)).toBe(3);
});

it.each([undefined, null, 'x', {}])('knows nothing since %s', (since) => {
  expect(isKnown(since)).toBe(false);
});

it('checks no known asset, and reports those that it stored, but not those that failed', async () => {
  const [hello, image] = [await asset(), await asset('image/gif')];
  const told: string[] = [];
  const known = { has: () => false, add: (sha256: string) => void told.push(sha256) };
  const answers = [404, 200, 500];
  const options = { ask: async () => new Response(null, { status: answers.shift()! }) };

  await createAssetStore({ ...options, known })([hello]);
  await createAssetStore({ ...options, known: { ...known, has: () => true } })([image]);
  await expect(createAssetStore({ ...options, known })([image])).rejects.toThrow();

  expect(told).toEqual([hello.sha256]);
});

it('sends a type that the API does not take as bytes', async () => {
  const { store, asked } = storeAnswering(404, 200);

  await store([await asset('image/svg+xml')]);

  expect(asked[1]!.headers.get('Content-Type')).toBe('application/octet-stream');
});

it.each([
  [[401], 401],
  [[404, 429], 429],
  [[404, 502], 502],
])('rejects with the status of the answer: %j', async (statuses, status) => {
  const { store } = storeAnswering(...statuses);

  await expect(store([await asset()])).rejects.toMatchObject({ status, name: AssetRefusedError.name });
});

it('tries again after a failure', async () => {
  const { store, methods } = storeAnswering();
  await expect(store([await asset()])).rejects.toThrow('Failed to fetch');
  await expect(store([await asset()])).rejects.toThrow('Failed to fetch');

  expect(methods()).toEqual(['HEAD', 'HEAD']);
});

it('leaves an old asset alone where it may not be stored again', async () => {
  const steps: string[] = [];
  const old = { Date: 'Sun, 01 Mar 2026 00:00:00 GMT', 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' };
  const store = createAssetStore({
    ask: async (_, step) => {
      steps.push(step);
      return new Response(null, { status: 200, headers: old });
    },
    renews: false,
  });

  await store([await asset()]);

  expect(steps).toEqual(['check']);
});

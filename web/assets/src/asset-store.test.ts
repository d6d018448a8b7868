import { expect, it } from 'vitest';
import { AssetRefusedError, AssetStore } from './asset-store';
import { type Asset, extractAssets } from './extract';

async function asset(mediaType = 'image/png'): Promise<Asset> {
  const { assets } = await extractAssets(`data:${mediaType};base64,aGVsbG8=`, { minBytes: 1 });
  return assets[0]!;
}

/** A store whose API gives these answers, one after the other, and what it was asked. */
function storeAnswering(...statuses: number[]) {
  const asked: { method: string | undefined; url: string; headers: Headers }[] = [];
  const fetch = async (url: RequestInfo | URL, request?: RequestInit) => {
    asked.push({ method: request?.method, url: String(url), headers: new Headers(request?.headers) });
    const status = statuses.shift();
    if (!status) throw new TypeError('Failed to fetch');
    return new Response(null, { status });
  };
  const store = new AssetStore({ apiUrl: 'https://api.example/v1/', getToken: async () => 'token', fetch });
  return { store, asked, methods: () => asked.map(({ method }) => method) };
}

it('asks first, then sends with the checksum that S3 verifies', async () => {
  const { store, asked } = storeAnswering(404, 200);
  const hello = await asset();

  await store.ensure([hello]);

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

it.each([200, 409, 412])('takes %d for stored, and does not ask again', async (status) => {
  const { store, methods } = storeAnswering(404, status);

  await store.ensure([await asset()]);
  await store.ensure([await asset()]);

  expect(methods()).toEqual(['HEAD', 'PUT']);
});

it('sends nothing that is there', async () => {
  const { store, methods } = storeAnswering(200);

  await Promise.all([store.ensure([await asset()]), store.ensure([await asset()])]);

  expect(methods()).toEqual(['HEAD']);
});

it('asks nothing that is known, and tells what it stored, but not what failed', async () => {
  const [hello, image] = [await asset(), await asset('image/gif')];
  const told: string[] = [];
  const known = { has: () => false, add: (sha256: string) => void told.push(sha256) };
  const answers = [404, 200, 500];
  const fetch = async () => new Response(null, { status: answers.shift()! });
  const options = { apiUrl: 'https://api.example', getToken: async () => 'token', fetch };

  await new AssetStore({ ...options, known }).ensure([hello]);
  await new AssetStore({ ...options, known: { ...known, has: () => true } }).ensure([image]);
  await expect(new AssetStore({ ...options, known }).ensure([image])).rejects.toThrow();

  expect(told).toEqual([hello.sha256]);
});

it('calls bytes what the API does not take by its own type', async () => {
  const { store, asked } = storeAnswering(404, 200);

  await store.ensure([await asset('image/svg+xml')]);

  expect(asked[1]!.headers.get('Content-Type')).toBe('application/octet-stream');
});

it.each([
  [[401], 401],
  [[404, 429], 429],
  [[404, 502], 502],
])('says what was answered: %j', async (statuses, status) => {
  const { store } = storeAnswering(...statuses);

  await expect(store.ensure([await asset()])).rejects.toMatchObject({ status, name: AssetRefusedError.name });
});

it('tries again what failed', async () => {
  const { store, methods } = storeAnswering();
  await expect(store.ensure([await asset()])).rejects.toThrow('Failed to fetch');
  await expect(store.ensure([await asset()])).rejects.toThrow('Failed to fetch');

  expect(methods()).toEqual(['HEAD', 'HEAD']);
});

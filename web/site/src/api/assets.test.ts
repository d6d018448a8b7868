import { expect, test } from 'vitest';
import { createAssetReader } from './assets';

/** An API that returns 10 bytes for each name, and the requested names. */
function tenBytesEach() {
  const asked: string[] = [];
  const api = async (path: string) => {
    asked.push(path);
    return new Response(new Uint8Array(10));
  };
  return { api, asked };
}

test('an asset is requested once', async () => {
  const { api, asked } = tenBytesEach();
  const read = createAssetReader(api);

  expect(await read('a')).toEqual(new Uint8Array(10));
  expect(await read('a')).toEqual(new Uint8Array(10));
  expect(asked).toEqual(['/assets/a']);
});

test('an asset beyond the total limit is missing, and so are later ones', async () => {
  const { api } = tenBytesEach();
  const read = createAssetReader(api, { maxBytes: 25 });

  expect([await read('a'), await read('b'), await read('c'), await read('d')].map((bytes) => bytes?.length)).toEqual([
    10,
    10,
    undefined,
    undefined,
  ]);
});

test('no more assets are requested than are allowed', async () => {
  const { api, asked } = tenBytesEach();
  const read = createAssetReader(api, { maxAssets: 2 });
  const all = await Promise.all(['a', 'b', 'c', 'a'].map(read));

  expect(all.map((bytes) => bytes?.length)).toEqual([10, 10, undefined, 10]);
  expect(asked).toEqual(['/assets/a', '/assets/b']);
});

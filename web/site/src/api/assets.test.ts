import { expect, test } from 'vitest';
import { createAssetReader } from './assets';

/** An API that has 10 bytes under each name, and which of them were asked for. */
function tenBytesEach() {
  const asked: string[] = [];
  const api = async (path: string) => {
    asked.push(path);
    return new Response(new Uint8Array(10));
  };
  return { api, asked };
}

test('an asset is asked for once, and comes whole', async () => {
  const { api, asked } = tenBytesEach();
  const read = createAssetReader(api);

  expect(await read('a')).toEqual(new Uint8Array(10));
  expect(await read('a')).toEqual(new Uint8Array(10));
  expect(asked).toEqual(['/assets/a']);
});

test('what goes over the limit of all together is not there', async () => {
  const { api } = tenBytesEach();
  const read = createAssetReader(api, { maxBytes: 25 });

  expect([await read('a'), await read('b'), await read('c'), await read('d')].map((bytes) => bytes?.length)).toEqual([
    10,
    10,
    undefined,
    undefined,
  ]);
});

test('no more assets are asked for than are allowed', async () => {
  const { api, asked } = tenBytesEach();
  const read = createAssetReader(api, { maxAssets: 2 });
  const all = await Promise.all(['a', 'b', 'c', 'a'].map(read));

  expect(all.map((bytes) => bytes?.length)).toEqual([10, 10, undefined, 10]);
  expect(asked).toEqual(['/assets/a', '/assets/b']);
});

import { expect, test } from 'vitest';
import type { Api } from './client';
import { getEvents } from './events';
import { createLibraries } from './library';
import { getRecording, getScreenshot, listRecordings } from './recordings';

const SHA = 'ab'.repeat(32);

/** Every path that a library of the owner asks for. */
async function askedOf(siteId: string | undefined): Promise<string[]> {
  const asked: string[] = [];
  const api: Api = async (path) => {
    asked.push(path);
    return new Response('{}');
  };
  const { api: own, readAsset } = createLibraries(api)(siteId);
  await listRecordings(own, { limit: '2' }, new AbortController().signal);
  await getRecording(own, 'a');
  await getScreenshot(own, 'a');
  await getEvents(own, 'a');
  await readAsset(SHA);
  return asked;
}

test('the owner decides what precedes each path of the API, and nothing else', async () => {
  const mine = await askedOf(undefined);

  expect(mine).toEqual(['/recordings?limit=2', '/recordings/a', '/recordings/a/screenshot', '/recordings/a/events', `/assets/${SHA}`]);
  expect(await askedOf('shop')).toEqual(mine.map((path) => `/sites/shop${path}`));
});

test('each owner has one library, and none shares its assets', async () => {
  const answers = new Map([[`/assets/${SHA}`, 'mine'], [`/sites/shop/assets/${SHA}`, 'of the shop']]);
  const libraryOf = createLibraries(async (path) => new Response(answers.get(path)));
  const read = async (siteId: string | undefined) => new TextDecoder().decode(await libraryOf(siteId).readAsset(SHA));

  expect([await read(undefined), await read('shop')]).toEqual(['mine', 'of the shop']);
  expect(libraryOf('shop')).toBe(libraryOf('shop'));
  expect(new Set([libraryOf(undefined), libraryOf('shop'), libraryOf('shop2')].map(({ path }) => path)).size).toBe(3);
});

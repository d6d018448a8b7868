import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** The storage of a tab. */
let storage: Map<string, string>;

/** The module as a tab has it that has just been opened or reloaded. */
async function afterReload() {
  vi.resetModules();
  return import('./last-list');
}

beforeEach(() => {
  storage = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => void storage.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

test('the neighbours of a recording are those of the list that was shown last', async () => {
  const { rememberList, neighboursOf } = await afterReload();
  rememberList('shop', ['x', 'y']);
  rememberList('shop', ['c', 'a', 'b']);

  expect(['c', 'a', 'b', 'x'].map((id) => neighboursOf('shop', id))).toEqual([{ next: 'a' }, { previous: 'c', next: 'b' }, { previous: 'a' }, {}]);
});

test('each owner has a list, and it survives a reload', async () => {
  const before = await afterReload();
  before.rememberList(undefined, ['a', 'b']);
  before.rememberList('shop', ['b', 'a']);
  const { neighboursOf } = await afterReload();

  expect([neighboursOf(undefined, 'a'), neighboursOf('shop', 'a'), neighboursOf('other', 'a')]).toEqual([{ next: 'b' }, { previous: 'b' }, {}]);
});

test.each(['{', '"abc"', '{"length":1}', '[1,2]', 'null'])('what is no list in the storage is none: %s', async (text) => {
  storage.set('rrweb-store:last-list:', text);
  const { neighboursOf } = await afterReload();

  expect(neighboursOf(undefined, 'a')).toEqual({});
});

test('a tab that may store nothing remembers the list until it is reloaded', async () => {
  vi.stubGlobal('sessionStorage', undefined);
  const { rememberList, neighboursOf } = await afterReload();
  rememberList(undefined, ['a', 'b']);

  expect(neighboursOf(undefined, 'b')).toEqual({ previous: 'a' });
  expect((await afterReload()).neighboursOf(undefined, 'b')).toEqual({});
});

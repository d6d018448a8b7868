import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isSameList, keepViews, named, savedViews } from './views';
import { markWatched, watchedIds } from './watched';

/** The storage of a browser. */
let storage: Map<string, string>;
beforeEach(() => {
  storage = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => void storage.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

const CART = { name: 'Cart', search: '?page=%2Fcart' };

test('each owner has saved views', () => {
  keepViews('shop', [CART]);

  expect([savedViews('shop'), savedViews(undefined), savedViews('other')]).toEqual([[CART], [], []]);
});

test.each(['{', '{}', '[1]', '[null]', '[{"name":"x"}]', '[{"name":"x","search":"javascript:alert(1)"}]'])('what is no list of views is none: %s', (text) => {
  storage.set('rrweb-store:views:', text);

  expect(savedViews(undefined)).toEqual([]);
});

test('a view is added after the others, and one that is renamed keeps its place', () => {
  const other = { name: 'Paid', search: '?tag=plan%3Apro' };

  expect(named([CART], { ...other, name: ' Paid \n plans ' })).toEqual({ views: [CART, { ...other, name: 'Paid plans' }] });
  expect(named([CART, other], { ...CART, name: 'cart' }, 'Cart')).toEqual({ views: [{ ...CART, name: 'cart' }, other] });
});

test.each([
  ['  ', 'Give the view a name.'],
  ['x'.repeat(61), 'A name has at most 60 characters.'],
  ['CART', 'There is a view named “CART”.'],
  ['today', 'There is a view named “today”.'],
])('a view is refused with its reason: %s', (name, refused) => {
  expect(named([CART], { name, search: '' })).toEqual({ refused });
});

test('there are at most 50 views, which can still be renamed', () => {
  const views = Array.from({ length: 50 }, (_, n) => ({ name: `View ${n}`, search: '' }));

  expect(named(views, CART)).toHaveProperty('refused');
  expect(named(views, { name: 'First', search: '' }, 'View 0')).toHaveProperty('views');
});

test('a list is the same in another look', () => {
  expect(isSameList('?errors=true&density=rows', '?errors=true')).toBe(true);
  expect(isSameList('?errors=true&sort=longest', '?errors=true')).toBe(false);
});

test('the recordings that were watched last are marked, and each once', () => {
  storage.set('rrweb-store:watched', JSON.stringify(Array.from({ length: 5_000 }, (_, n) => `r${n}`)));
  markWatched('r5000');
  markWatched('r7');
  const ids = [...watchedIds()];

  expect([ids.length, ids[0], ids.at(-1)]).toEqual([5_000, 'r1', 'r7']);
});

test('a browser that may store nothing has views and marks until the page is left', () => {
  vi.stubGlobal('localStorage', undefined);
  keepViews('shop', [CART]);
  markWatched('a');

  expect([savedViews('shop'), watchedIds().has('a')]).toEqual([[CART], true]);
});

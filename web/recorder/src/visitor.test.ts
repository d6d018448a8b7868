import { afterEach, expect, it, vi } from 'vitest';
import { visitorId } from './visitor';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

function storage(given = ''): Storage {
  const items = new Map(given ? [['rrweb-store-visitor', given]] : []);
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

const browser = (localStorage: Storage, sessionStorage = storage()) => vi.stubGlobal('window', { localStorage, sessionStorage });

afterEach(() => void vi.unstubAllGlobals());

it('is random, and the same on every visit of the browser', () => {
  browser(storage());
  const [first, second] = [visitorId('browser'), visitorId('browser')];
  browser(storage());

  expect(first).toMatch(UUID);
  expect(second).toBe(first);
  expect(visitorId('browser')).not.toBe(first);
});

it('is the same in a tab, and leaves nothing in the browser', () => {
  const local = storage();
  browser(local);
  const first = visitorId('tab');
  expect([visitorId('tab'), local.getItem('rrweb-store-visitor')]).toEqual([first, null]);
  browser(local);

  expect(first).toMatch(UUID);
  expect(visitorId('tab')).not.toBe(first);
});

it('is none, and stores nothing, if the page wants none', () => {
  const [local, tab] = [storage(), storage()];
  browser(local, tab);

  expect([visitorId('none'), local.getItem('rrweb-store-visitor'), tab.getItem('rrweb-store-visitor')]).toEqual([undefined, null, null]);
});

it.each([
  ['may not be read', Object.defineProperty({}, 'localStorage', { get: () => { throw new DOMException('', 'SecurityError'); } })],
  ['is missing', {}],
  ['is full', { localStorage: { getItem: () => null, setItem: () => { throw new DOMException('', 'QuotaExceededError'); } } }],
])('is none where storage %s', (_, window) => {
  vi.stubGlobal('window', window);

  expect(visitorId('browser')).toBeUndefined();
});

it.each(['no JSON', '{}', '"a b"', '""', `"${'x'.repeat(65)}"`, '"\\u0000"', 'null'])('is made anew where the page has put %s', (foreign) => {
  browser(storage(foreign));

  const first = visitorId('browser');
  expect(first).toMatch(UUID);
  expect(visitorId('browser')).toBe(first);
});

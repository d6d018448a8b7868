import { afterEach, expect, it, vi } from 'vitest';
import { knownAssets } from './known-assets';

afterEach(() => void vi.useRealTimers());

function tab(): Storage {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) } as Storage;
}

it('is known to the next page of the tab, but to no other owner and no other API', () => {
  const storage = tab();
  knownAssets(storage, 'https://a.example', () => 'me').add('1f');

  expect(knownAssets(storage, 'https://a.example', () => 'me').has('1f')).toBe(true);
  expect(knownAssets(storage, 'https://a.example', () => 'me').has('2f')).toBe(false);
  expect(knownAssets(storage, 'https://a.example', () => 'you').has('1f')).toBe(false);
  expect(knownAssets(storage, 'https://b.example', () => 'me').has('1f')).toBe(false);
});

it('remembers the newest 100', () => {
  const known = knownAssets(tab(), 'https://a.example', () => 'me');
  for (let n = 0; n <= 100; n += 1) known.add(`sha-${n}`);

  expect([known.has('sha-0'), known.has('sha-1'), known.has('sha-100')]).toEqual([false, true, true]);
});

it('is known for twelve hours, however long the tab is open', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  const known = knownAssets(tab(), 'https://a.example', () => 'me');
  const isKnownAt = (hours: number): boolean => {
    vi.setSystemTime(hours * 3600 * 1000);
    return known.has('1f');
  };
  known.add('1f');

  expect([11, 12, -1].map(isKnownAt)).toEqual([true, false, false]);
  vi.setSystemTime(5 * 3600 * 1000);
  known.add('2f'); // which does not make the older one younger
  expect([11, 12].map(isKnownAt)).toEqual([true, false]);
});

it.each([
  ['forbidden', undefined],
  ['full', { getItem: () => null, setItem: () => { throw new Error('full'); } } as unknown as Storage],
  ['of somebody else', { getItem: () => '{"a":', setItem: () => undefined } as unknown as Storage],
])('knows nothing where storage is %s', (_, storage) => {
  const known = knownAssets(storage, 'https://a.example', () => 'me');
  known.add('1f');

  expect(known.has('1f')).toBe(false);
});

import { expect, it } from 'vitest';
import { toldResources } from './told-resources';

/** A tab's storage. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as Storage;
}

it('remembers what was told for the next page of the same recording', () => {
  const tab = storage();
  toldResources(tab, 'r1').add('https://a.example/b.png');

  expect(toldResources(tab, 'r1').has('https://a.example/b.png')).toBe(true);
  expect(toldResources(tab, 'r2').has('https://a.example/b.png')).toBe(false);
});

it('keeps the newest ones, and of long addresses and blobs none beyond the page', () => {
  const tab = storage();
  const told = toldResources(tab, 'r1');
  const long = `https://a.example/${'x'.repeat(400)}`;
  for (const one of [long, 'blob:https://a.example/1', ...Array.from({ length: 201 }, (_, n) => `${n}`)]) told.add(one);
  const next = toldResources(tab, 'r1');

  expect([long, '0', '200'].map(told.has)).toEqual([true, true, true]);
  expect([long, 'blob:https://a.example/1', '0', '1', '200'].map(next.has)).toEqual([false, false, false, true, true]);
});

it('does without storage, and with what another script has put there', () => {
  const tab = storage();
  tab.setItem('rrweb-recorder-resources', '{"a":1}');

  expect(toldResources(undefined, 'r1').has('a')).toBe(false);
  expect(toldResources(tab, 'r1').has('a')).toBe(false);
});

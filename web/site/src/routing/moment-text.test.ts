import { expect, test } from 'vitest';
import { momentOf, momentText } from './moment-text';

test.each([
  ['0', 0],
  ['65', 65_000],
  ['65.5', 65_500],
  ['7.125', 7125],
  ['65s', 65_000],
  ['1m5s', 65_000],
  ['1M5.5S', 65_500],
  ['1h2m3s', 3_723_000],
  ['2h', 7_200_000],
  ['90m', 5_400_000],
  ['1h5s', 3_605_000],
])('%s is a moment', (text, atMs) => {
  expect(momentOf(text)).toBe(atMs);
});

test.each(['', ' ', '-1', '+1', '1e3', '0x10', 'NaN', '1.', '.5', '5s1m', '1m1m', '1m5', 'h', 's', '1d', '1 m', '1,5', '1m-5s', '٣', '99999999', '1m\n', '1.2345'])(
  '%j is none',
  (text) => {
    expect(momentOf(text)).toBeUndefined();
  },
);

test('a moment survives its text, to a tenth of a second', () => {
  expect([0, 99, 7500, 75_420, 3_723_000].map((atMs) => momentOf(momentText(atMs)))).toEqual([0, 0, 7500, 75_400, 3_723_000]);
});

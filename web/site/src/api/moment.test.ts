import { expect, test } from 'vitest';
import { beganAtMs, isRecent } from './moment';

test('a time too far in the future is not recent', () => {
  expect([-61_000, -59_000, 0, 590_000, 610_000].map((apartMs) => isRecent(1e12 + apartMs, 60_000, 1e12))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

test('a recording started at its client\'s time, unless that is after it was stored', () => {
  expect(beganAtMs({ createdAtMs: 1e12, startedAtMs: 1e11 })).toBe(1e11);
  expect(beganAtMs({ createdAtMs: 1e12, startedAtMs: Number.MAX_SAFE_INTEGER })).toBe(1e12);
  expect(beganAtMs({ createdAtMs: 1e12 })).toBe(1e12);
});

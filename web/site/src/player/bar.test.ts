import { expect, test } from 'vitest';
import { createBar, steppedOver } from './bar';

const MINUTE = 60_000;
const NIGHT = { fromMs: 2 * MINUTE, toMs: 482 * MINUTE };
const TOTAL = 484 * MINUTE;

test('without a gap a position is a time', () => {
  const bar = createBar(100_000, [{ fromMs: 10_000, toMs: 90_000 }]);

  expect([bar.length, bar.gaps, bar.positionOf(12_345), bar.timeAt(12_345)]).toEqual([100_000, [], 12_345, 12_345]);
});

test('eight hours between two minutes and two more take 8 % of the bar', () => {
  const bar = createBar(TOTAL, [NIGHT]);
  const shares = [0, NIGHT.fromMs, NIGHT.toMs, TOTAL].map((ms) => Math.round((100 * bar.positionOf(ms)) / bar.length));

  expect(shares).toEqual([0, 46, 54, 100]);
  expect(bar.gaps).toEqual([NIGHT]);
});

test('each position is the one of its time, in a gap too', () => {
  const bar = createBar(TOTAL, [NIGHT]);
  const times = [0, MINUTE, NIGHT.fromMs, 100 * MINUTE, 400 * MINUTE, NIGHT.toMs, 483 * MINUTE, TOTAL];

  expect(times.map((ms) => Math.round(bar.timeAt(bar.positionOf(ms))))).toEqual(times);
});

test('many gaps take no more than two fifths together', () => {
  const idle = Array.from({ length: 50 }, (_, n) => ({ fromMs: (60 * n + 1) * MINUTE, toMs: (60 * n + 59) * MINUTE }));
  const bar = createBar(50 * 60 * MINUTE, idle);
  const inGaps = bar.gaps.reduce((sum, { fromMs, toMs }) => sum + bar.positionOf(toMs) - bar.positionOf(fromMs), 0);

  expect(inGaps / bar.length).toBeCloseTo(0.4);
});

test('no gap is drawn longer than it is', () => {
  const bar = createBar(600 * MINUTE, [{ fromMs: MINUTE, toMs: 7 * MINUTE }]);

  expect(bar.length).toBe(600 * MINUTE);
});

test.each([
  [NIGHT.fromMs - 1000, 5_000, NIGHT.toMs],
  [NIGHT.toMs, -5_000, NIGHT.fromMs],
  [NIGHT.fromMs, -5_000, NIGHT.fromMs - 5_000],
  [NIGHT.toMs, 5_000, NIGHT.toMs + 5_000],
])('a step from %d by %d leads to %d', (from, by, to) => {
  expect(steppedOver(from, from + by, [NIGHT])).toBe(to);
});

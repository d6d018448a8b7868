import { expect, test } from 'vitest';
import { type Moment, TROUBLE, momentBeside, momentsOf, thinned } from './moments';
import type { Rows } from './rows';

const MOMENTS: readonly Moment[] = [
  { atMs: 100, kind: 'click', text: 'a' },
  { atMs: 200, kind: 'error', text: 'b' },
  { atMs: 300, kind: 'rage', text: 'c' },
];

test('what went wrong and what was done are moments, in order of time', () => {
  const rows = {
    startMs: 1_000,
    events: [{ timestamp: 900, kind: 'click', text: 'early' }, { timestamp: 1_000, kind: 'page' }, { timestamp: 4_000, kind: 'dead', text: 'dead' }, { timestamp: 5_000, kind: 'event', text: 'ordered' }],
    console: [{ timestamp: 3_000, level: 'error', text: 'said' }, { timestamp: 3_000, level: 'warn' }],
    network: [{ timestamp: 2_000, failed: true, method: 'GET', text: '/a' }, { timestamp: 2_000, failed: false }],
  } as unknown as Rows;

  expect(momentsOf(rows)).toEqual([
    { atMs: 0, kind: 'click', text: 'early' },
    { atMs: 1_000, kind: 'request', text: 'GET /a failed' },
    { atMs: 2_000, kind: 'error', text: 'said' },
    { atMs: 3_000, kind: 'rage', text: 'dead' },
    { atMs: 4_000, kind: 'event', text: 'ordered' },
  ]);
});

test.each([
  [TROUBLE, 0, false, 'b'],
  [TROUBLE, 200, false, 'c'],
  [TROUBLE, 300, false, undefined],
  [TROUBLE, 300, true, 'b'],
  [TROUBLE, 200, true, undefined],
  [['click'], 500, true, 'a'],
] as const)('of %j beside %i, back: %s, is %s', (kinds, timeMs, isBack, text) => {
  expect(momentBeside(MOMENTS, kinds, timeMs, isBack)?.text).toBe(text);
});

test('in one part of the timeline each kind is drawn once', () => {
  expect(thinned([...MOMENTS, ...MOMENTS], () => 0)).toEqual(MOMENTS);
  expect(thinned(MOMENTS.map((moment) => ({ ...moment, kind: 'click' as const })), (atMs) => Math.floor(atMs / 200))).toHaveLength(2);
});

import { expect, test } from 'vitest';
import { inOrder, totalsOf } from './order';

const recording = (recordingId: string, facts: object = {}) => ({ recordingId, createdAtMs: 0, hasScreenshot: false, ...facts });
/** Newest first. */
const LOADED = [
  recording('new'),
  recording('short', { durationMs: 5_000, errors: 2, rageClicks: 1 }),
  recording('long', { durationMs: 90_000, errors: 0 }),
  recording('broken', { durationMs: 5_000, errors: 7, failedRequests: 3 }),
];

test.each([
  ['newest', ['new', 'short', 'long', 'broken']],
  ['longest', ['long', 'short', 'broken', 'new']],
  ['errors', ['broken', 'short', 'long', 'new']],
] as const)('what is loaded is shown %s first, the newer one of two alike, and what is not known last', (sort, ids) => {
  expect(inOrder(LOADED, sort).map(({ recordingId }) => recordingId)).toEqual(ids);
});

test('the totals are those of what is loaded', () => {
  expect(totalsOf(LOADED)).toEqual({ recordings: 4, durationMs: 100_000, errors: 9, failedRequests: 3, rageClicks: 1, deadClicks: 0 });
  expect(totalsOf([])).toMatchObject({ recordings: 0, durationMs: 0 });
});

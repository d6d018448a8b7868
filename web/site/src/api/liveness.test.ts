import { expect, test } from 'vitest';
import { type EndMark, endMarkAfter, livenessOf, mayGrow, withFacts } from './liveness';

const NOW_MS = 1e12;
const newest = (ageS: number, endMark?: EndMark) => ({ lastEventAtMs: NOW_MS - ageS * 1000, endMark });

test.each([
  ['an event of just now', newest(0), 'live', true],
  ['one of before the next flush', newest(44), 'live', true],
  ['nothing since then', newest(46), 'lost', false],
  ['a page that has just gone', newest(1, 'left'), 'live', true],
  ['a page that the next one has not followed', newest(16, 'left'), 'ended', true],
  ['a page that went long ago', newest(46, 'left'), 'ended', false],
  ['an end of just now', newest(0, 'end'), 'ended', false],
  ['an end of long ago', newest(1e6, 'end'), 'ended', false],
  ['a clock that is minutes ahead', newest(-500), 'live', true],
  ['a clock that is wrong', newest(-1e6), 'lost', false],
] as const)('%s', (_, given, liveness, grows) => {
  expect([livenessOf(given, NOW_MS), mayGrow(given, NOW_MS)]).toEqual([liveness, grows]);
});

test.each([
  ['facts of the moment at which the page went', 5_000, { leftAfterMs: 5_000 }, undefined, 'left'],
  ['facts that came before the last events', 5_000, { leftAfterMs: 6_000 }, undefined, 'left'],
  ['a page that has returned since', 5_001, { leftAfterMs: 5_000 }, undefined, undefined],
  ['a page that has not gone', 5_000, {}, undefined, undefined],
  ['a mark of the events themselves', 5_000, { leftAfterMs: 5_000 }, 'end', 'end'],
] as const)('%s', (_, durationMs, facts, endMark, expected) => {
  expect(withFacts(newest(1, endMark), durationMs, facts).endMark).toBe(expected);
});

const custom = (tag: unknown) => ({ type: 5, data: { tag, payload: {} } });

test('a mark holds until something is done on a page, and a later mark takes its place', () => {
  expect(endMarkAfter(custom('rrweb-store:left'), undefined)).toBe('left');
  expect(endMarkAfter(custom('rrweb-store:resources'), 'left')).toBe('left');
  expect(endMarkAfter({ type: 4, data: { href: '' } }, 'left')).toBeUndefined();
  expect(endMarkAfter(custom('rrweb-store:end'), 'left')).toBe('end');
});

test.each([{ type: 5 }, { type: 5, data: null }, custom(undefined), custom('constructor'), custom(['rrweb-store:end']), { type: 3, data: { tag: 'rrweb-store:end' } }])(
  '%j is no mark',
  (event) => {
    expect(endMarkAfter(event, undefined)).toBeUndefined();
  },
);

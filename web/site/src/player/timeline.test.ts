import type { eventWithTime } from '@rrweb/types';
import { expect, test } from 'vitest';
import { liveSpeed, speedAt } from './playback-state';
import { MAX_PAGES, createTimeline, idleSpans, rangesOf } from './timeline';

const at = (timestamp: number, more: object = {}) =>
  ({ type: 3, timestamp, data: { source: 2, type: 2 }, ...more }) as unknown as eventWithTime;

test('ranges are read as the API writes them', () => {
  expect(rangesOf('3-5,9')).toEqual([
    { first: 3, last: 5 },
    { first: 9, last: 9 },
  ]);
  expect(rangesOf('')).toEqual([]);
});

test('a gap stands where its page was silent longest, and only once', () => {
  const timeline = createTimeline();
  for (const time of [1000, 1100, 4000, 4100]) timeline.add(at(time));
  timeline.endPage('2-3', 0);
  timeline.add(at(4200));
  timeline.endPage('2-3', 0);

  expect(timeline.marks()).toEqual([{ atMs: 100, kind: 'gap', text: 'batches 2 to 3 are missing' }]);
});

test('another page is marked where it begins, the first one is not', () => {
  const timeline = createTimeline();
  timeline.add(at(1000, { type: 4, data: { href: 'https://a.example/' } }));
  timeline.add(at(2000, { type: 4, data: { href: 'https://a.example/' } }));
  timeline.add(at(3000, { type: 4, data: { href: 'https://b.example/' } }));

  expect(timeline.marks()).toEqual([{ atMs: 2000, kind: 'page', text: 'https://b.example/' }]);
});

test('of very many pages only the first are marked, and of a very long address only its begin', () => {
  const timeline = createTimeline();
  for (let n = 0; n < 1000; n++) timeline.add(at(1000 + n, { type: 4, data: { href: `${n}${'x'.repeat(9000)}` } }));
  const marks = timeline.marks();

  expect(marks.length).toBe(MAX_PAGES);
  expect(Math.max(...marks.map(({ text }) => text.length))).toBe(2_000);
});

test('only long silences are idle, and their ends are shown', () => {
  expect(idleSpans([1000, 5000, 20_000], 0, 21_000)).toEqual([{ fromMs: 6000, toMs: 19_000 }]);
});

test('idle time goes fast if it is to be skipped', () => {
  const idle = [{ fromMs: 1000, toMs: 71_000 }];

  expect(speedAt(2000, { idle, skipIdle: true, speed: 1 })).toEqual({ speed: 100, skipping: true });
  expect(speedAt(2000, { idle, skipIdle: false, speed: 1 })).toEqual({ speed: 1, skipping: false });
  expect(speedAt(500, { idle, skipIdle: true, speed: 2 })).toEqual({ speed: 2, skipping: false });
});

test('live, what has come is shown within half a second, and the clock waits for more', () => {
  expect([liveSpeed(0), liveSpeed(200), liveSpeed(5000)]).toEqual([0, 1, 10]);
});

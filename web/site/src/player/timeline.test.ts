import type { eventWithTime } from '@rrweb/types';
import { expect, test } from 'vitest';
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

test('a gap is marked at the longest silence of its page, and only once', () => {
  const timeline = createTimeline();
  for (const time of [1000, 1100, 4000, 4100]) timeline.add(at(time));
  timeline.endPage('2-3', 0);
  timeline.add(at(4200));
  timeline.endPage('2-3', 0);

  expect(timeline.marks()).toEqual([{ atMs: 100, kind: 'gap', text: 'batches 2 to 3 are missing' }]);
});

test('each page is marked where it starts, once', () => {
  const timeline = createTimeline();
  timeline.add(at(1000, { type: 4, data: { href: 'https://a.example/' } }));
  timeline.add(at(2000, { type: 4, data: { href: 'https://a.example/' } }));
  timeline.add(at(3000, { type: 4, data: { href: 'https://b.example/' } }));

  expect(timeline.marks()).toEqual([
    { atMs: 0, kind: 'page', text: 'https://a.example/' },
    { atMs: 2000, kind: 'page', text: 'https://b.example/' },
  ]);
});

test('only the first of very many pages are marked, and a very long address is cut', () => {
  const timeline = createTimeline();
  for (let n = 0; n < 1000; n++) timeline.add(at(1000 + n, { type: 4, data: { href: `${n}${'x'.repeat(9000)}` } }));
  const marks = timeline.marks();

  expect(marks.length).toBe(MAX_PAGES);
  expect(Math.max(...marks.map(({ text }) => text.length))).toBe(2_000);
});

test('only long silences are idle, and both ends of each are played', () => {
  expect(idleSpans([1000, 5000, 20_000], 0, 21_000)).toEqual([{ fromMs: 6000, toMs: 19_000 }]);
});

test.each([
  [{ tag: 'rrweb-store:dropped', payload: { reason: 'refused', events: 12 } }, '12 events were not stored'],
  [{ tag: 'rrweb-store:dropped', payload: { reason: 'console', events: 1 } }, '1 message of the console was not stored'],
  [{ tag: 'rrweb-store:omitted', payload: { values: [{ name: 'src', characters: 12_000_000 }] } }, '1 value was too large to be stored'],
])('what the recorder reports as missing is marked: %j', (data, text) => {
  const timeline = createTimeline();
  for (const timestamp of [1_000, 3_000]) timeline.add({ type: 5, data, timestamp } as never);
  timeline.add({ type: 5, data: { tag: data.tag, payload: null }, timestamp: 4_000 } as never);

  expect(timeline.marks()).toEqual([0, 2_000].map((atMs) => ({ atMs, kind: 'skipped', text })));
});

test('the mark of an end holds until something later is done', () => {
  const timeline = createTimeline();
  const mark = (timestamp: number, tag: string) => ({ type: 5, timestamp, data: { tag, payload: {} } }) as unknown as eventWithTime;
  const done = (timestamp: number) => ({ type: 3, timestamp, data: { source: 0 } }) as unknown as eventWithTime;
  const found = [done(1000), mark(2000, 'rrweb-store:left'), done(1500), mark(2001, 'other'), done(3000), mark(3000, 'rrweb-store:end')].map((event) => {
    timeline.add(event);
    return timeline.newest();
  });

  expect(found.map(({ endMark }) => endMark)).toEqual([undefined, 'left', 'left', 'left', undefined, 'end']);
  expect(found.at(-1)!.lastEventAtMs).toBe(3000);
});

import type { eventWithTime } from '@rrweb/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MAX_CHARACTERS_A_MINUTE, createIntake } from './relay-intake';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ORIGIN = 'https://shop.example';
const ABOUT = {
  startedAtMs: 1,
  pageUrl: `${ORIGIN}/cart?a#b`,
  pageTitle: 'Cart',
  userAgent: 'Browser',
  viewport: { width: 3, height: 2 },
};

/** What is made of messages. */
function given(...before: unknown[]) {
  const described: unknown[] = [];
  const events: eventWithTime[] = [];
  const ended: (string | undefined)[] = [];
  const take = createIntake({
    origin: ORIGIN,
    describe: (text) => void described.push(JSON.parse(text)),
    add: (event) => void events.push(event),
    end: (why) => void ended.push(why),
  });
  for (const message of before) take(message);
  return { take, described, events, ended };
}

const about = (members: object = {}) => ({ kind: 'about', text: JSON.stringify({ ...ABOUT, ...members }) });
const sent = (...events: unknown[]) => ({ kind: 'events', events });
const meta = (href: unknown) => ({ type: 4, data: { href, width: 1, height: 1 }, timestamp: 1 });
const event = (n: number) => ({ type: 3, data: { source: 2, n }, timestamp: n });
/** Addresses that are not of the origin, though some look so. */
const ELSEWHERE = [
  'https://bank.example/',
  'http://shop.example/',
  'https://shop.example:8443/',
  'https://shop.example.evil.example/',
  'https://shop.example@evil.example/',
  'https://shop.example:x@evil.example/',
  'https://bank.example@shop.example/',
  'https://www.shop.example/',
  'https://shop.example',
  'about:blank',
  'about:srcdoc',
  'blob:https://shop.example/1',
  'data:text/html,',
  'file:///shop.example/',
  'javascript:0',
  'null',
  '',
  null,
  undefined,
  7,
  ['https://shop.example/'],
];

it('accepts the description of a page of the origin, and its events in order', () => {
  const { described, events, ended } = given(about(), sent(meta(`${ORIGIN}/cart`), event(1)), sent(event(2)));

  expect(described).toEqual([{ ...ABOUT, hasScreenshot: false }]);
  expect(events).toEqual([meta(`${ORIGIN}/cart`), event(1), event(2)]);
  expect(ended).toEqual([]);
});

it.each(ELSEWHERE)('ends the recording of a page that says it is at %j', (pageUrl) => {
  const { described, events, ended } = given(about({ pageUrl }), about(), sent(event(1)));

  expect([described, events]).toEqual([[], []]);
  expect(ended).toEqual([`The page did not identify itself as ${ORIGIN}.`]);
});

it.each(ELSEWHERE)('ends the recording of a page whose events say that it is at %j', (href) => {
  const { events, ended } = given(about(), sent(event(1), meta(href), event(2)), sent(event(3)), { kind: 'end' });

  expect(events).toEqual([event(1)]);
  expect(ended).toEqual([`The page sent events of an address outside ${ORIGIN}.`]);
});

it.each(['null', '7', '[]', '{}', 'no JSON', '', 'x'.repeat(24_001), null, undefined, {}])('ends the recording of a page that describes itself by %j', (text) => {
  const { described, ended } = given({ kind: 'about', text });

  expect([described, ended.length]).toEqual([[], 1]);
});

it('passes on no other member of the description, and makes its text well-formed', () => {
  const { described } = given(about({ hasScreenshot: true, recordingId: 'r', pageTitle: 'x\ud83d' }));

  expect(described).toEqual([{ ...ABOUT, pageTitle: 'x\ufffd', hasScreenshot: false }]);
});

it('accepts events only after the description, and the description once', () => {
  const { described, events } = given(sent(event(1)), about(), about({ pageTitle: 'Another' }), sent(event(2)));

  expect([described.length, events]).toEqual([1, [event(2)]]);
});

it('accepts nothing after the end, and ends once', () => {
  const { described, events, ended } = given(about(), { kind: 'end' }, sent(event(1)), about(), { kind: 'end' });

  expect([described.length, events, ended]).toEqual([1, [], [undefined]]);
});

it.each([
  ['null', null],
  ['text', 'events'],
  ['another kind', { kind: 'token' }],
  ['events that are none', { kind: 'events', events: 7 }],
  ['no events', { kind: 'events' }],
  ['an object of events', { kind: 'events', events: { 0: event(1) } }],
  ['a BigInt', sent({ ...event(1), data: { n: 1n } })],
])('ignores %s, and continues', (_, message) => {
  const { events, ended } = given(about(), message, sent(event(2)));

  expect([events, ended]).toEqual([[event(2)], []]);
});

it('ignores cycles and values that are deeper than the stack, and continues', () => {
  const round = event(1) as { data: object };
  Object.assign(round.data, { round });
  let deep: object = {};
  for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
  const { events } = given(about(), sent(round), sent({ ...event(1), data: deep }), sent(event(2)));

  expect(events).toEqual([event(2)]);
});

it.each([null, 7, {}, { type: 3, timestamp: 1 }, { type: 3, data: null, timestamp: 1 }, { type: '3', data: {}, timestamp: 1 }, { type: 3, data: {}, timestamp: Infinity }])(
  'ignores a value that is no event: %j',
  (value) => {
    expect(given(about(), sent(value, event(2))).events).toEqual([event(2)]);
  },
);

it('ends the recording of a page that sends too much', () => {
  const { take, events, ended } = given(about());
  const large = sent({ ...event(1), data: { text: 'x'.repeat(MAX_CHARACTERS_A_MINUTE / 2) } });
  take(large);
  vi.advanceTimersByTime(60_000);
  take(large);
  expect([events.length, ended]).toEqual([2, []]);

  take(large);
  expect([events.length, ended]).toEqual([2, ['The page sent more than can be recorded.']]);
});

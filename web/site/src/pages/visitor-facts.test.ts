import { expect, test } from 'vitest';
import { lengthOf, troublesOf, visitFacts, visitorName } from './visitor-facts';

const RECORDING = { recordingId: 'a', createdAtMs: 0, hasScreenshot: false };
const VISIT = {
  ...RECORDING,
  visitorId: '0b7f9a52-55b5-4f0f-9d8c-3f2a1c9f7e10',
  pages: ['https://shop.example/', 'https://shop.example/cart'],
  durationMs: 125_000,
  clicks: 14,
  errors: 1,
};

test('a visitor has the name that the page gave, or a short id', () => {
  expect([VISIT, { ...VISIT, user: ' Ada ' }, { ...VISIT, user: ' ' }, RECORDING].map(visitorName)).toEqual(['Visitor 0b7f9a52', 'Ada', 'Visitor 0b7f9a52', '']);
});

test('what went wrong is counted, and what did not is not named', () => {
  expect(troublesOf({ ...VISIT, deadClicks: 1200, failedRequests: 2, rageClicks: 0 })).toEqual(['1 error', '2 failed requests', '1,200 dead clicks']);
  expect(troublesOf(RECORDING)).toEqual([]);
});

test('the facts of a visit are those that are stored, without counts of nothing', () => {
  expect(visitFacts({ ...VISIT, errors: 0, tags: ['plan:free'] })).toEqual([
    ['Visitor', VISIT.visitorId],
    ['Pages', '2'],
    ['Clicks', '14'],
    ['Tags', 'plan:free'],
  ]);
  expect(visitFacts(RECORDING)).toEqual([]);
});

test.each([
  ['the stored length, before anything is loaded', 125_000, undefined, { durationMs: 125_000, atLeast: false }],
  ['the stored length, of which a part is loaded', 125_000, { durationMs: 7, atLeast: true }, { durationMs: 125_000, atLeast: false }],
  ['the loaded length, while the recording grows past what was stored', 10_000, { durationMs: 15_000, atLeast: false }, { durationMs: 15_000, atLeast: false }],
  ['what is loaded so far, if more than was stored', 10_000, { durationMs: 15_000, atLeast: true }, { durationMs: 15_000, atLeast: true }],
  ['the loaded length, if none is stored', undefined, { durationMs: 5, atLeast: true }, { durationMs: 5, atLeast: true }],
  ['none, if none is known', undefined, undefined, undefined],
])('a card shows %s', (_, durationMs, loaded, shown) => {
  expect(lengthOf({ ...RECORDING, ...(durationMs === undefined ? {} : { durationMs }) }, loaded)).toEqual(shown);
});

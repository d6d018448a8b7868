import { expect, test } from 'vitest';
import type { EventRow } from './event-rows';
import { matchingMoment } from './matching-moment';
import { NO_ROWS, type Rows } from './rows';

const row = (timestamp: number, kind: EventRow['kind'], value?: string): EventRow => ({ timestamp, kind, text: '', detail: '', ...(value === undefined ? {} : { value }) });
const ROWS = {
  startMs: 1_000,
  events: [
    row(1_000, 'page', 'https://shop.example/'),
    row(2_000, 'error'),
    row(3_000, 'event', 'ordered'),
    row(4_000, 'page', 'https://shop.example/cart?x=1'),
    row(5_000, 'rage'),
    row(6_000, 'dead'),
    row(7_000, 'error'),
  ],
  console: [{ timestamp: 1_500, level: 'error', text: '', detail: '', trace: '' }],
  network: [
    { timestamp: 8_000, failed: false },
    { timestamp: 9_000, failed: true },
  ],
  leftOut: 0,
} as unknown as Rows;

test.each([
  [{ errors: 'true' }, 500, 'the first error', 'console'],
  [{ failedRequests: 'true' }, 8_000, 'the first failed request', 'network'],
  [{ rageClicks: 'true' }, 4_000, 'the first rage click', 'events'],
  [{ deadClicks: 'true' }, 5_000, 'the first dead click', 'events'],
  [{ event: 'ordered' }, 2_000, 'the first event “ordered”', 'events'],
  [{ page: '/cart' }, 3_000, 'the first page with “/cart”', 'events'],
  [{ page: '/cart', errors: 'true' }, 6_000, 'the first error', 'console'],
  [{ page: '/nowhere', errors: 'true' }, 500, 'the first error', 'console'],
] as const)('%j leads to %i', (filters, atMs, what, panel) => {
  expect(matchingMoment(filters, ROWS)).toEqual({ atMs, what, panel });
});

test.each([{}, { browser: 'Firefox' }, { user: 'ada' }, { page: '/nowhere' }, { event: 'order' }])('%j fits the recording as a whole', (filters) => {
  expect(matchingMoment(filters, ROWS)).toBeUndefined();
});

test('nothing is found where nothing is loaded', () => {
  expect(matchingMoment({ errors: 'true', page: '/' }, NO_ROWS)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { networkRows } from './network-rows';

const rowsOf = (requests: unknown, plugin = 'rrweb/network@1') => networkRows({ type: 6, timestamp: 10_000, data: { plugin, payload: { requests } } } as never);
const GIVEN = { name: 'https://shop.example/api/pay?a=1', method: 'post', status: 500, initiatorType: 'fetch', timestamp: 9_000, startTime: 5, duration: 812.5, transferSize: 1_200, contentType: 'application/json', traceparent: '00-ab-cd-01' };

test('a request has what was recorded of it', () => {
  expect(rowsOf([GIVEN])).toEqual([
    { timestamp: 9_000, method: 'POST', url: GIVEN.name, text: '/api/pay?a=1', status: 500, initiator: 'fetch', contentType: 'application/json', durationMs: 812.5, size: 1_200, traceparent: '00-ab-cd-01', error: '', requestHeaders: '', responseHeaders: '', failed: true },
  ]);
});

test.each([
  [{ status: 200 }, false],
  [{ status: 399 }, false],
  [{ status: 400 }, true],
  [{ status: 0 }, false],
  [{ status: 0, error: 'TypeError' }, true],
  [{ status: 0, error: 'AbortError' }, false],
  [{ status: undefined }, false],
  [{ status: undefined, error: 'aborted' }, true],
])('whether %j failed: %s', (change, failed) => {
  expect(rowsOf([{ ...GIVEN, ...change }])[0]?.failed).toBe(failed);
});

test.each([
  ['https://shop.example/', 'shop.example'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['', 'no address'],
  [7, 'no address'],
])('the short address of %s is %s', (name, text) => {
  expect(rowsOf([{ ...GIVEN, name }])[0]?.text).toBe(text);
});

test.each([-1, 20_000, Infinity, '9', undefined])('a request that started at %s counts as told', (timestamp) => {
  expect(rowsOf([{ ...GIVEN, timestamp }])[0]?.timestamp).toBe(10_000);
});

test('headers that were named are shown, one a line, and no more than fifty', () => {
  expect(rowsOf([{ ...GIVEN, requestHeaders: { 'x-trace': 'a\nb', odd: {} } }])[0]?.requestHeaders).toBe('x-trace: a b\nodd: ');
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`h${n}`, 'x'.repeat(100_000)]));
  expect(rowsOf([{ ...GIVEN, responseHeaders: many }])[0]!.responseHeaders.length).toBeLessThan(20_000);
});

test('hostile values are bounded', () => {
  expect(rowsOf('none')).toEqual([]);
  expect(rowsOf([null, 3, []])).toEqual([]);
  expect(rowsOf([GIVEN], 'other')).toEqual([]);
  expect(rowsOf(Array(5_000).fill(GIVEN))).toHaveLength(1_000);
  const [row] = rowsOf([{ name: 'x'.repeat(1_000_000), method: 'GET\nHost', duration: 1e300, transferSize: Number.NaN, traceparent: {} }]);
  expect(row).toMatchObject({ method: 'GET HOST', durationMs: 0, size: undefined, traceparent: '' });
  expect(row!.url.length).toBeLessThan(2_100);
});

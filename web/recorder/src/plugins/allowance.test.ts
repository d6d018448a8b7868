import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAllowance } from './allowance';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000 }));
afterEach(() => void vi.useRealTimers());

function given(options: object = {}) {
  const told: unknown[] = [];
  const allowance = createAllowance('console', 20, { options: { writeUrl: '', ...options }, emit: (_, data) => void told.push(data) });
  return { ...allowance, told, taken: (times: number, length = 1) => Array.from({ length: times }, () => allowance.take(length)).filter(Boolean).length };
}

it('takes so many events in a window, counts the rest, and tells it once', () => {
  const { taken, take, report, told } = given();

  expect(taken(5_000)).toBe(600);
  vi.advanceTimersByTime(10_000);
  expect(take(1)).toBe(false);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(20_000);
  expect(take(1)).toBe(true);
  expect(told).toEqual([{ tag: 'rrweb-store:dropped', payload: { reason: 'console', events: 4_401, movements: 0, fromMs: 1_000, toMs: 11_000 } }]);
  report();
  expect(told).toHaveLength(1);
});

it('takes no more characters than a share of a batch, and still what is shorter', () => {
  const { taken } = given({ flushBytes: 32_000 });

  expect([taken(3, 400), taken(1, 300), taken(1, 200)]).toEqual([2, 0, 1]);
});

it('has a window of ten seconds where batches are shorter', () => {
  const { taken } = given({ flushMs: 200 });

  expect(taken(300)).toBe(200);
  vi.advanceTimersByTime(9_999);
  expect(taken(1)).toBe(0);
  vi.advanceTimersByTime(1);
  expect(taken(300)).toBe(200);
});

it('reports as the page goes', () => {
  const { taken, report, told } = given({ flushBytes: 32 });
  taken(3);
  report();

  expect(told).toEqual([expect.objectContaining({ payload: expect.objectContaining({ events: 2 }) })]);
});

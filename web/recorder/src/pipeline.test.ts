import type { eventWithTime } from '@rrweb/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { continueRecording } from './continuation';
import { DEFAULT_FLUSH_BYTES, DEFAULT_FLUSH_MS, DEFAULT_MAX_WAITING_BYTES } from './options';
import type { Parcel } from './parcel';
import { createPipeline } from './pipeline';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** A pipeline, and each batch with the second in which it went. */
function given(options: { flushMs?: number; isNew?: boolean; sent?: number } = {}) {
  const went: { second: number; sequence: number | null; events: number }[] = [];
  const began = Date.now();
  const continuation = continueRecording({ storage: undefined, sample: () => true });
  for (let sent = options.sent ?? 0; sent > 0; sent -= 1) continuation.takeSequence();
  const pipeline = createPipeline({
    continuation: { ...continuation, isNew: options.isNew ?? true },
    delivery: {
      add: ({ sequence, events }: Parcel) => void went.push({ second: (Date.now() - began) / 1000, sequence, events }),
      bytes: () => 0, wake: () => {}, settled: async () => {}, keep: () => {}, leave: () => {}, close: () => {},
    },
    outbox: { put: () => {}, remove: () => {}, leftBehind: async () => [], close: () => {} },
    owner: () => null,
    flushMs: options.flushMs ?? DEFAULT_FLUSH_MS,
    flushBytes: DEFAULT_FLUSH_BYTES,
    maxWaitingBytes: DEFAULT_MAX_WAITING_BYTES,
    takeSnapshot: () => {},
  });
  const event = (type: number, length: number) => ({ type, data: 'x'.repeat(length), timestamp: Date.now() });
  return {
    went,
    seconds: () => went.map(({ second }) => Math.round(second)),
    snapshot: (length = 10) => pipeline.add(event(2, length) as unknown as eventWithTime),
    /** One event a second. */
    async live(seconds: number, length = 10): Promise<void> {
      for (let second = 0; second < seconds; second += 1) {
        pipeline.add(event(5, length) as unknown as eventWithTime);
        await vi.advanceTimersByTimeAsync(1_000);
      }
    },
  };
}

it('sends the first snapshot at once, and then after 10, 20, and each 30 seconds', async () => {
  const { snapshot, live, seconds } = given();
  snapshot();
  await live(125);

  expect(seconds()).toEqual([0, 10, 30, 60, 90, 120]);
});

it('sends nothing when nothing happens', async () => {
  const { snapshot, went } = given();
  snapshot();
  await vi.advanceTimersByTimeAsync(3_600_000);

  expect(went).toHaveLength(1);
});

it('waits 10 seconds, not 30, with more than could outlive the page', async () => {
  const { snapshot, live, seconds } = given();
  snapshot();
  await live(61);
  await live(30, 10_000);

  expect(seconds()).toEqual([0, 10, 30, 60, 70, 80, 90]);
});

it('counts those seconds from the first event of the batch', async () => {
  const { live, seconds } = given({ isNew: false });
  await live(5);
  await live(1, 100_000);
  await live(10);

  expect(seconds()[0]).toBe(10);
});

it.each([
  ['at once when it is large', 70_000, 0],
  ['within 10 seconds when it is small', 50_000, 10],
])("sends a later page's snapshot %s", async (_, length, second) => {
  const { snapshot, live, seconds } = given({ isNew: false, sent: 5 });
  snapshot(length);
  await live(15);

  expect(seconds()[0]).toBe(second);
});

it('never waits longer than it is told', async () => {
  const { snapshot, live, went } = given({ flushMs: 500 });
  snapshot();
  await live(4);

  expect(went.map(({ second }) => second)).toEqual([0, 0.5, 1.5, 2.5, 3.5]);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { eventWithTime } from '@rrweb/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { continueRecording } from './continuation';
import { DEFAULT_FLUSH_BYTES, DEFAULT_FLUSH_MS, DEFAULT_MAX_WAITING_BYTES } from './options';
import { type Parcel, bytesOf, packNow } from './parcel';
import { AHEAD_CHARACTERS, KEEP_OPEN_EVERY_MS, createPipeline } from './pipeline';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const withoutGzip = () => vi.stubGlobal('CompressionStream', undefined);
/** Text that gzip makes no shorter than three quarters of it. */
const noise = (length: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(3 * 4_096))).toString('base64').repeat(length / 16_384 + 1).slice(0, length);

/** A pipeline, and each batch with the second in which it went. */
function given(options: { flushMs?: number; isNew?: boolean; sent?: number } = {}) {
  const went: { second: number; sequence: number | null; events: number }[] = [];
  const parcels: Parcel[] = [];
  const kept: { sequence: number | null; text: string; body: number; open: boolean | undefined }[] = [];
  const began = Date.now();
  const continuation = continueRecording({ storage: undefined, sample: () => true });
  for (let sent = options.sent ?? 0; sent > 0; sent -= 1) continuation.takeSequence();
  const pipeline = createPipeline({
    continuation: { ...continuation, isNew: options.isNew ?? true },
    delivery: {
      add: (parcel: Parcel) => {
        const { sequence, events } = parcel;
        parcels.push(parcel);
        went.push({ second: (Date.now() - began) / 1000, sequence, events });
      },
      bytes: () => 0, wake: () => {}, settled: async () => {}, keep: () => {}, leave: () => {}, close: () => {},
    },
    outbox: {
      put: (parcel, _, open) => {
        parcel.kept = true;
        const { sequence, text, body } = parcel;
        kept.push({ sequence, text, body: body?.length ?? 0, open });
      },
      remove: () => {},
      leftBehind: async () => [],
      close: () => {},
    },
    owner: () => null,
    flushMs: options.flushMs ?? DEFAULT_FLUSH_MS,
    flushBytes: DEFAULT_FLUSH_BYTES,
    maxWaitingBytes: DEFAULT_MAX_WAITING_BYTES,
    takeSnapshot: () => {},
  });
  const event = (type: number, length: number, data = 'x'.repeat(length)) => ({ type, data, timestamp: Date.now() });
  return {
    pipeline,
    went,
    parcels,
    kept,
    add: (data: string) => pipeline.add(event(5, 0, data) as unknown as eventWithTime),
    /** Until an event is text, and what can be compressed is. */
    async work(ms = 50): Promise<void> {
      await vi.advanceTimersByTimeAsync(0);
      await sleep(ms);
    },
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

it('sends the first snapshot at once, and then each 30 seconds', async () => {
  const { snapshot, live, seconds } = given();
  snapshot();
  await live(125);

  expect(seconds()).toEqual([0, 30, 60, 90, 120]);
});

it('sends nothing when nothing happens', async () => {
  const { snapshot, went } = given();
  snapshot();
  await vi.advanceTimersByTimeAsync(3_600_000);

  expect(went).toHaveLength(1);
});

it('waits 30 seconds with text that is gzip already and could outlive the page', async () => {
  const { add, live, work, seconds } = given({ isNew: false });
  add('x'.repeat(500_000));
  await work();
  await live(31);

  expect(seconds()).toEqual([30]);
});

it.each([
  ['letters', () => noise(1_000)],
  ['letters of three bytes', () => noise(700) + 'ち'.repeat(300)],
])('has never gathered more %s than could outlive the page', async (_, line) => {
  const { add, work, parcels } = given({ isNew: false });
  for (let n = 0; n < 180; n += 1) {
    add(line());
    await work(3);
  }
  const lastLines = parcels.map(({ body, text }) => body!.length + Buffer.byteLength(text.slice(0, text.lastIndexOf('\n'))));

  expect(lastLines.length).toBeGreaterThan(0);
  expect(Math.max(...lastLines)).toBeLessThan(60_000);
  expect(Math.min(...lastLines)).toBeGreaterThan(58_000);
});

it('waits 10 seconds with so much text where the browser cannot gzip', async () => {
  withoutGzip();
  const { live, seconds } = given({ isNew: false });
  await live(21, 10_000);

  expect(seconds()).toEqual([10, 20]);
});

it('sends assets within 10 seconds: they have to be stored before their events', async () => {
  const { add, live, work, parcels, seconds } = given({ isNew: false });
  add(`data:image/png;base64,${noise(60_000)}`);
  await work();
  await live(11);

  expect([seconds(), parcels[0]!.assets.length]).toEqual([[10], 1]);
});

it('counts those seconds from the first event of the batch', async () => {
  withoutGzip();
  const { live, seconds } = given({ isNew: false });
  await live(5);
  await live(1, 100_000);
  await live(10);

  expect(seconds()[0]).toBe(10);
});

const numbers = (parcel: Parcel): number[] => {
  const text = (parcel.body ? gunzipSync(parcel.body).toString() : '') + parcel.text;
  return text.split('\n').map((line) => parseInt(JSON.parse(line).data, 10));
};
const row = (n: number, length: number): string => `${n} ${'row '.repeat(length / 4)}`;

it('leaves little text for the moment in which the page goes, and nothing is lost by it', async () => {
  const { pipeline, add, work, parcels } = given({ isNew: false });
  for (let n = 0; n < 40; n += 1) {
    add(row(n, 8_000));
    await work();
  }
  pipeline.sealNow();
  const [parcel] = parcels;

  expect(parcels).toHaveLength(1);
  expect(parcel!.text.length).toBeLessThan(AHEAD_CHARACTERS);
  packNow(parcel!);
  expect([parcel!.text, parcel!.body!.length < 60_000]).toEqual(['', true]);
  expect(numbers(parcel!)).toEqual(Array.from({ length: 40 }, (_, n) => n));
});

it('leaves the same events in a batch that goes while its text is being compressed', async () => {
  const { pipeline, add, work, parcels } = given({ isNew: false });
  add(row(0, 20_000));
  await work();
  add(row(1, 20_000));
  await vi.advanceTimersByTimeAsync(0); // it is text, and being compressed
  add(row(2, 100));
  pipeline.sealNow();
  const before = parcels[0]!.text;
  packNow(parcels[0]!);
  const sent = parcels[0]!.body;
  await work();

  expect(before.split('\n')).toHaveLength(3); // the end of a line, and both events
  expect(parcels[0]!.body).toBe(sent);
  expect(numbers(parcels[0]!)).toEqual([0, 1, 2]);
});

it('compresses what came while it compressed', async () => {
  const { pipeline, add, work, parcels } = given({ isNew: false });
  add(row(0, 20_000));
  await vi.advanceTimersByTimeAsync(0);
  add(row(1, 200_000));
  await work();
  pipeline.sealNow();

  expect(parcels[0]!.text).toBe('');
  expect(numbers(parcels[0]!)).toEqual([0, 1]);
});

it('keeps lines of JSON alone where the browser cannot gzip', async () => {
  withoutGzip();
  const { pipeline, add, work, parcels } = given({ isNew: false });
  add(row(0, 20_000));
  await work();
  add(row(1, 100));
  pipeline.sealNow();
  packNow(parcels[0]!);

  expect(parcels[0]!.body).toBeUndefined();
  expect(numbers(parcels[0]!)).toEqual([0, 1]);
});

it('keeps what is gathered, and under its number all that is sent', async () => {
  const { pipeline, add, work, kept, parcels } = given({ isNew: false });
  add(row(0, 20_000));
  await work();
  add('1 row');
  await vi.advanceTimersByTimeAsync(KEEP_OPEN_EVERY_MS);
  add('2 row');
  pipeline.sealNow();

  const body = parcels[0]!.body!.length;
  expect(kept.map((one) => [one.sequence, one.body, one.text.trim().split('\n').length, one.open])).toEqual([
    [0, body, 1, true],
    [0, body, 2, true],
  ]);
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

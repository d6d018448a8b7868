import { gunzipSync } from 'node:zlib';
import type { eventWithTime } from '@rrweb/types';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { continueRecording } from './continuation';
import { DEFAULT_MAX_WAITING_BYTES } from './options';
import { type Parcel, bytesOf, packNow } from './parcel';
import { AHEAD_CHARACTERS, KEEP_OPEN_EVERY_MS, createPipeline } from './pipeline';
import { DROPPED_TAG } from './report-names';

/** What the browser does at its own time: compress and hash. */
const slow = vi.hoisted((): Promise<unknown>[] => []);
const noted = <T extends Promise<unknown>>(work: T): T => (slow.push(work), work);
vi.mock('./gzip', async (load) => {
  const actual = await load<typeof import('./gzip')>();
  return { ...actual, gzip: (text: string) => noted(actual.gzip(text)) };
});

afterAll(() => vi.doUnmock('./gzip'));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  const { digest } = crypto.subtle;
  vi.spyOn(crypto.subtle, 'digest').mockImplementation((...given) => noted(digest.apply(crypto.subtle, given)));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
const withoutGzip = () => vi.stubGlobal('CompressionStream', undefined);
/** Text that gzip makes no shorter than three quarters of it. */
const noise = (length: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(3 * 4_096))).toString('base64').repeat(length / 16_384 + 1).slice(0, length);

/** A pipeline, and each batch with the second in which it went. */
function given(options: { handsOver?: boolean; flushMs?: number; sent?: number; isFull?: boolean; sendsSnapshots?: boolean } = {}) {
  const went: { second: number; sequence: number | null; events: number }[] = [];
  const parcels: Parcel[] = [];
  /** What the delivery holds, and the snapshots that rrweb was told to take. */
  const memory = { bytes: 0, snapshots: 0 };
  const kept: { sequence: number | null; text: string; body: number; open: boolean | string | undefined }[] = [];
  const startedAtMs = Date.now();
  const continuation = continueRecording({ storage: undefined, newId: () => 'r', sample: () => true });
  for (let sent = options.sent ?? 0; sent > 0; sent -= 1) continuation.takeSequence();
  const pipeline = createPipeline({
    handsOver: () => options.handsOver ?? true,
    continuation,
    delivery: {
      add: (parcel: Parcel) => {
        const { sequence, events } = parcel;
        parcels.push(parcel);
        went.push({ second: (Date.now() - startedAtMs) / 1000, sequence, events });
      },
      bytes: () => memory.bytes, retry: () => {}, settled: async () => {},
    },
    outbox: {
      put: (parcel, _, open) => {
        parcel.kept = 'there';
        const { sequence, text, body } = parcel;
        kept.push({ sequence, text, body: body?.length ?? 0, open });
        return options.isFull !== true;
      },
    },
    destination: { owner: () => 'me', maxAssetBytes: 1e6, sendsSnapshots: options.sendsSnapshots ?? true },
    flushMs: options.flushMs,
    startAnew: () => void (memory.snapshots += 1),
  });
  const event = (type: number, length: number, data = 'x'.repeat(length)) => ({ type, data, timestamp: Date.now() });
  return {
    pipeline,
    went,
    parcels,
    kept,
    memory,
    add: (data: string) => pipeline.add(event(5, 0, data) as unknown as eventWithTime),
    /** Until an event is text, and what can be compressed is. */
    async work(): Promise<void> {
      await vi.advanceTimersByTimeAsync(0);
      for (let work = slow.shift(); work; work = slow.shift()) {
        await work;
        await new Promise((resolve) => setImmediate(resolve));
      }
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

it('sends the first snapshot immediately, and then every 30 seconds', async () => {
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

it('waits 30 seconds with compressed text that could outlive the page', async () => {
  const { add, live, work, seconds } = given();
  add('x'.repeat(500_000));
  await work();
  await live(31);

  expect(seconds()).toEqual([30]);
});

it.each([
  ['letters', () => noise(1_000)],
  ['letters of three bytes', () => noise(700) + 'ち'.repeat(300)],
])('sends a burst of %s two seconds after it is more than could outlive the page', async (_, line) => {
  const { add, work, live, went, parcels } = given();
  await live(5);
  for (let n = 0; n < 180; n += 1) {
    add(line());
    await work();
  }
  expect(went).toEqual([]);
  await vi.advanceTimersByTimeAsync(KEEP_OPEN_EVERY_MS);

  expect(went).toMatchObject([{ second: 7, sequence: 0, events: 185 }]);
  expect(bytesOf(parcels[0]!)).toBeGreaterThan(90_000);
  expect(parcels[0]!.text.length).toBeLessThan(AHEAD_CHARACTERS);
});

it.each([
  ['letters', () => noise(1_000)],
  ['letters of three bytes', () => noise(700) + 'ち'.repeat(300)],
])('sends first as many %s as can outlive the page, when it goes before that', async (_, line) => {
  const { pipeline, add, work, went, parcels } = given();
  add('0');
  await vi.advanceTimersByTimeAsync(KEEP_OPEN_EVERY_MS);
  for (let n = 1; n < 180; n += 1) {
    add(`${n} ${line()}`);
    await work();
  }
  pipeline.sealNow();
  expect(parcels.map(({ kept }) => kept)).toEqual(['there', '']);
  for (const parcel of parcels) packNow(parcel);
  const [first, rest] = parcels;

  expect(went.map(({ sequence }) => sequence)).toEqual([0, 1]);
  expect(first!.body!.length).toBeLessThan(60_000);
  expect(first!.body!.length).toBeGreaterThan(40_000);
  expect([...numbers(first!), ...numbers(rest!)]).toEqual(Array.from({ length: 180 }, (_, n) => n));
});

it('compresses less text where it could not outlive the page otherwise, and waits with it', async () => {
  const { pipeline, add, work, went, parcels } = given();
  for (let n = 0; n < 66; n += 1) {
    add(`${n} ${noise(1_000)}`);
    await work();
  }
  add(row(66, 12_000));
  await work();
  await vi.advanceTimersByTimeAsync(KEEP_OPEN_EVERY_MS);
  expect(went).toEqual([]);

  pipeline.sealNow();
  for (const parcel of parcels) packNow(parcel);
  expect(parcels.map(({ body }) => [body!.length > 45_000, body!.length < 60_000])).toEqual([[true, true]]);
  expect(numbers(parcels[0]!)).toEqual(Array.from({ length: 67 }, (_, n) => n));
});

it('sends no snapshot of a site sooner than other events', async () => {
  const { snapshot, live, seconds } = given({ sendsSnapshots: false });
  snapshot(70_000);
  await live(15);
  snapshot(70_000);
  await live(20);

  expect(seconds()).toEqual([30]);
});

it('waits 10 seconds with as much text where the browser cannot gzip', async () => {
  withoutGzip();
  const { live, seconds } = given();
  await live(21, 10_000);

  expect(seconds()).toEqual([10, 20]);
});

it('sends assets within 10 seconds: they have to be stored before their events', async () => {
  const { add, live, work, parcels, seconds } = given();
  add(`data:image/png;base64,${noise(60_000)}`);
  await work();
  await live(11);

  expect([seconds(), parcels[0]!.assets.length]).toEqual([[10], 1]);
});

it('counts those seconds from the first event of the batch', async () => {
  withoutGzip();
  const { live, seconds } = given();
  await live(5);
  await live(1, 100_000);
  await live(10);

  expect(seconds()[0]).toBe(10);
});

const numbers = (parcel: Parcel): number[] => {
  const text = (parcel.body ? gunzipSync(parcel.body).toString() : '') + parcel.text;
  return text.trim().split('\n').map((line) => parseInt(JSON.parse(line).data, 10));
};
const row = (n: number, length: number): string => `${n} ${'row '.repeat(length / 4)}`;

it('leaves little text for the moment in which the page is left, and loses none', async () => {
  const { pipeline, add, work, parcels } = given();
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

it('gathers and compresses without a blob, for which a page would wait', async () => {
  vi.stubGlobal('Blob', undefined);
  const { pipeline, add, work, parcels } = given();
  for (let n = 0; n < 8; n += 1) {
    add(`${n} ${noise(9_000)}`);
    await work();
  }
  add(`8 ${'é'.repeat(12_000)}`); // more bytes than characters
  await vi.advanceTimersByTimeAsync(0);
  pipeline.sealNow();
  parcels.forEach(packNow);

  expect(parcels.flatMap(numbers)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it('keeps the events of a batch that is sent while its text is being compressed', async () => {
  const { pipeline, add, work, parcels } = given();
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

it('compresses the text that came during a compression', async () => {
  const { pipeline, add, work, parcels } = given();
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
  const { pipeline, add, work, parcels } = given();
  add(row(0, 20_000));
  await work();
  add(row(1, 100));
  pipeline.sealNow();

  expect(parcels[0]!.body).toBeUndefined();
  expect(numbers(parcels[0]!)).toEqual([0, 1]);
});

it('keeps gathered events, and the whole batch before it is sent', async () => {
  const { pipeline, add, work, kept, parcels } = given();
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
  const { snapshot, live, seconds } = given({ sent: 5 });
  snapshot(length);
  await live(15);

  expect(seconds()[0]).toBe(second);
});

it('never waits longer than flushMs', async () => {
  const { snapshot, live, went } = given({ flushMs: 500 });
  snapshot();
  await live(4);

  expect(went.map(({ second }) => second)).toEqual([0, 0.5, 1.5, 2.5, 3.5]);
});

describe('events that are missing', () => {
  const HALF = DEFAULT_MAX_WAITING_BYTES / 2;
  const lines = (parcel: Parcel) => parcel.text.split('\n').map((line) => JSON.parse(line));
  const movement = { type: 3, data: { source: 1 }, timestamp: 0 } as unknown as eventWithTime;

  it('are pointer movements above half of the memory, and are reported without a snapshot', async () => {
    const { pipeline, add, memory, parcels } = given();
    memory.bytes = HALF + 1;
    pipeline.add(movement);
    add('1');
    pipeline.reportDropped();
    memory.bytes = HALF;
    pipeline.reportDropped();
    pipeline.reportDropped();
    pipeline.sealNow();

    expect(lines(parcels[0]!)).toMatchObject([
      { data: '1' },
      { type: 5, data: { tag: DROPPED_TAG, payload: { reason: 'memory', events: 1, movements: 1 } } },
    ]);
    expect(memory.snapshots).toBe(0);
  });

  it('are all events above all of the memory, until half of it is free, and a snapshot follows', async () => {
    const { pipeline, add, memory, parcels } = given();
    memory.bytes = 2 * HALF;
    add('0');
    memory.bytes += 1;
    add('1');
    memory.bytes = HALF + 1;
    add('2');
    pipeline.add(movement);
    pipeline.reportDropped();
    memory.bytes = HALF;
    add('3');
    pipeline.reportDropped();
    add('4');
    pipeline.sealNow();

    expect(lines(parcels[0]!)).toMatchObject([
      { data: '0' },
      { type: 5, data: { tag: DROPPED_TAG, payload: { reason: 'memory', events: 4, movements: 1 } } },
      { data: '4' },
    ]);
    expect(memory.snapshots).toBe(1);
  });

  it('are those of a refused batch, which is reported at once if there is room, and a snapshot follows', async () => {
    const { pipeline, memory, parcels } = given();
    pipeline.refused(12);
    memory.bytes = HALF + 1;
    pipeline.refused(3);
    pipeline.sealNow();

    expect(lines(parcels[0]!)).toMatchObject([{ type: 5, data: { payload: { reason: 'refused', events: 12, movements: 0 } } }]);
    expect(memory.snapshots).toBe(1);
  });
});

describe('the batch that is handed over to the next page of the tab', () => {
  it('is the open one, once some of it was kept', async () => {
    const { pipeline, add, work, live, went, kept } = given();
    add(row(0, 20_000));
    await work();
    await live(3);
    add('4 row');
    pipeline.sealNow(true);
    await vi.advanceTimersByTimeAsync(60_000);

    expect(went).toEqual([]);
    expect(kept.at(-1)).toMatchObject({ sequence: 0, open: 'next' });
    expect(kept.at(-1)!.body).toBeGreaterThan(0);
    expect(kept.at(-1)!.text.trim().split('\n')).toHaveLength(4);
  });

  it.each([
    ['a tenth of a second after its first event, and every two seconds from then on', true, [100, 2_100, 4_100]],
    ['every two seconds where the next page does not continue it', false, [2_000, 4_000]],
  ])('is kept %s', async (_, handsOver, expected) => {
    const { pipeline, add, went, kept } = given({ handsOver });
    const keptAfter: number[] = [];
    for (let ms = 0; ms < 5_000; ms += 50) {
      add(`${ms}`);
      await vi.advanceTimersByTimeAsync(50);
      while (keptAfter.length < kept.length) keptAfter.push(ms + 50);
    }
    pipeline.sealNow(true);

    expect(keptAfter).toEqual(expected);
    expect([went, kept.at(-1)]).toMatchObject([[], { open: 'next' }]);
  });

  it('is kept later where it could not be kept at first', async () => {
    const { add, kept } = given({ isFull: true });
    add('0');
    await vi.advanceTimersByTimeAsync(2_100);

    expect(kept).toHaveLength(2);
  });

  it.each([
    ['nothing was kept before', 50, false],
    ['there is no room any more', 3_000, true],
  ])('is nothing when %s', async (_, ms, isFull) => {
    const { pipeline, add, went } = given({ isFull });
    add('0');
    await vi.advanceTimersByTimeAsync(ms);
    pipeline.sealNow(true);

    expect(went).toMatchObject([{ sequence: 0, events: 1 }]);
  });

  it('gets no more events from a page that returns', async () => {
    const { pipeline, add, work, live, went, parcels } = given();
    await live(3);
    add(row(3, 20_000));
    await vi.advanceTimersByTimeAsync(0); // it is being compressed
    pipeline.sealNow(true);
    await work();
    add(row(4, 20_000));
    await work();
    await live(31);

    expect(went).toMatchObject([{ sequence: 1 }]);
    expect(parcels[0]!.body).toBeDefined();
  });
});

describe('a page that continues a batch', () => {
  const before = (sequence: number): Parcel => ({ recordingId: 'r', sequence, text: '{"data":"0"}', events: 1, assets: [], kept: 'there', owner: 'me' });

  it('sends it with its own events, within 10 seconds', async () => {
    const { pipeline, add, live, went, parcels } = given({ sent: 4 });
    let come = (): void => {};
    pipeline.hold(new Promise<void>((resolve) => (come = resolve)));
    add('1');
    await vi.advanceTimersByTimeAsync(1_000);
    pipeline.resumeBatch(before(3));
    come();
    await live(15);

    expect(went[0]).toMatchObject({ second: 11, sequence: 3 });
    expect(numbers(parcels[0]!).slice(0, 2)).toEqual([0, 1]);
    expect(parcels[0]!.owner).toBeUndefined(); // of its own events, nobody knows yet
  });

  it('leaves no timer when it is there', async () => {
    const { pipeline } = given();
    pipeline.hold(Promise.resolve());
    await vi.advanceTimersByTimeAsync(0);

    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends it without further events', async () => {
    const { pipeline, went } = given({ sent: 4 });
    pipeline.resumeBatch(before(3));
    await vi.advanceTimersByTimeAsync(10_000);

    expect(went).toEqual([{ second: 10, sequence: 3, events: 1 }]);
  });

  it('waits for it no longer than two seconds, and sends it by itself if it comes then', async () => {
    const { pipeline, add, live, went } = given({ sent: 4 });
    pipeline.hold(new Promise(() => {}));
    add('1');
    await live(3);
    pipeline.resumeBatch(before(3));
    await live(40);

    expect(went.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(went[0]).toMatchObject({ second: 3, events: 1 });
  });

  it('does not continue a batch that a later one follows, so that events stay in order', async () => {
    const { pipeline, live, went } = given({ sent: 5 });
    pipeline.resumeBatch(before(3));
    await live(31);

    expect(went).toMatchObject([{ second: 0, sequence: 3, events: 1 }, { second: 30, sequence: 5 }]);
  });
});

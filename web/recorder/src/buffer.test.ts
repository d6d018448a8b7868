import { gunzipSync } from 'node:zlib';
import type { eventWithTime } from '@rrweb/types';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBuffer } from './buffer';
import { continueRecording } from './continuation';
import type { Delivery } from './delivery';
import { createOutbox } from './outbox';
import { type Parcel, bytesOf, contentOf } from './parcel';
import { createPipeline } from './pipeline';

const API = 'https://api.example';
const HOUR_MS = 3_600_000;
const [FULL, META, NOTE] = [2, 4, 5];
/** Text that gzip makes little shorter. */
const noise = (length: number): string => Buffer.from(crypto.getRandomValues(new Uint8Array(length))).toString('base64').slice(0, length);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** A tab whose pages wait for a trigger, with the storage of its browser. */
function givenTab({ seconds = 60, maxBytes = 1e6, snapshot = 10 } = {}) {
  const items = new Map<string, string>();
  const storage = { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value), removeItem: (key: string) => void items.delete(key) } as Storage;
  const factory = new IDBFactory();
  /** Recordings whose page lives. */
  const alive = new Set<string>();
  const sent: Parcel[] = [];
  let ids = 0;
  const openParts = () => createOutbox(API, factory, (error) => { throw error; }, 'buffer', HOUR_MS);

  /** @param from the storage of the tab, or a copy of it */
  async function page(from = storage) {
    const continuation = continueRecording({ storage: from, newId: () => `id${(ids += 1)}`, owner: 'site', sample: () => 'buffering', buffers: true });
    continuation.begin();
    const parts = openParts();
    parts.open();
    const live = (delivered: Parcel): void => void sent.push(delivered);
    const delivery = { add: live, bytes: () => 0, retry: () => {}, settled: async () => {} } as unknown as Delivery;
    const log: string[] = [];
    const buffer = createBuffer({
      keepMs: seconds * 1000, maxBytes, continuation, parts, delivery,
      outbox: { put: ({ sequence }) => (log.push(`kept ${sequence}`), true) },
      destination: { owner: () => 'site' },
      alive: { others: async () => (id) => alive.has(id) },
      takeSnapshot: () => takeSnapshot(),
      takeOpen: () => pipeline.takeOpen(),
      onCapture: () => void log.push('captured'),
    });
    const pipeline = createPipeline({
      continuation, delivery: { ...delivery, ...buffer }, outbox: { put: (...given) => buffer.holds() && parts.put(...given) }, buffer,
      destination: { owner: () => 'site', maxAssetBytes: 1e6, sendsSnapshots: true },
      startAnew: () => {},
    });
    const add = (type: number, data: unknown): void => pipeline.add({ type, data, timestamp: Date.now() } as unknown as eventWithTime);
    let snapshots = 0;
    function takeSnapshot(): void {
      snapshots += 1;
      add(META, 'meta');
      add(FULL, noise(snapshot));
    }
    const reading = pipeline.hold(buffer.read()).then(() => buffer.dispatch('read'));
    takeSnapshot();
    return {
      continuation, buffer, pipeline, log, reading,
      snapshots: () => snapshots,
      /** One event a second. */
      async live(count: number, length = 10): Promise<void> {
        for (let second = 0; second < count; second += 1) {
          add(NOTE, noise(length));
          await vi.advanceTimersByTimeAsync(1_000);
          await settled();
        }
      },
      leave(): void {
        buffer.dispatch('leave');
        pipeline.sealNow();
        continuation.leave();
      },
    };
  }

  async function stored(): Promise<Parcel[]> {
    await settled();
    const opening = factory.open('buffer', 1);
    const database = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const all = database.transaction('parcels').objectStore('parcels').getAll() as IDBRequest<Parcel[]>;
    await new Promise((resolve) => (all.onsuccess = resolve));
    database.close();
    return all.result;
  }

  const events = (): eventWithTime[] => sent.flatMap((parcel) => linesOf(parcel)).map((line) => JSON.parse(line) as eventWithTime);
  return { page, sent, alive, stored, events, copy: () => ({ ...storage, getItem: (key: string) => items.get(key) ?? null, setItem: () => {} }) as Storage };
}

/** Until IndexedDB and gzip have done what they were told. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function linesOf(parcel: Parcel): string[] {
  const body = parcel.body ? gunzipSync(parcel.body).toString() : '';
  return (body + (parcel.text || !parcel.body ? Buffer.from(contentOf({ ...parcel, body: null })).toString() : '')).split('\n').filter(Boolean);
}

/** The notes of events, without snapshots. */
const notesOf = (events: readonly eventWithTime[]): number => events.filter(({ type }) => type === (NOTE as number)).length;
const sizeOf = (parcels: readonly Parcel[]): number => parcels.reduce((sum, parcel) => sum + bytesOf(parcel), 0);

describe('a trigger', () => {
  it.each([1, 30, 59, 60, 61, 119, 200])('after %i seconds sends the promised minute, from a full snapshot on, and at most two', async (visit) => {
    const { page, sent, events } = givenTab();
    const { live, buffer, reading } = await page();
    await reading;
    await live(visit);
    expect(sent).toEqual([]);
    buffer.dispatch('trigger');

    const [first, second] = events();
    expect([first?.type, second?.type]).toEqual([META, FULL]);
    const seconds = (Date.now() - first!.timestamp) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(Math.min(60, visit - 1));
    expect(seconds).toBeLessThanOrEqual(122);
    expect(notesOf(events())).toBeGreaterThanOrEqual(Math.min(60, visit));
    expect(sent.map(({ sequence }) => sequence)).toEqual(sent.map((_, n) => n));
  });

  it('is followed by live batches with the next numbers', async () => {
    const { page, sent, events } = givenTab();
    const { live, buffer, continuation } = await page();
    await live(5);
    buffer.dispatch('trigger');
    const before = sent.length;
    await live(31);

    expect([continuation.mode(), notesOf(events())]).toEqual(['captured', 35]);
    expect(sent.slice(before).map(({ sequence }) => sequence)).toEqual([before]);
  });

  it('counts once if it comes twice', async () => {
    const { page, sent } = givenTab();
    const { live, buffer, log } = await page();
    await live(5);
    buffer.dispatch('trigger');
    const { length } = sent;
    buffer.dispatch('trigger');

    expect([sent.length, log.filter((line) => line === 'captured')]).toEqual([length, ['captured']]);
  });

  it('brings what earlier pages of the tab have kept', async () => {
    const { page, sent, events } = givenTab();
    for (const seconds of [20, 10]) {
      const { live, leave } = await page();
      await live(seconds);
      leave();
      await settled();
    }
    const third = await page();
    await third.live(3);
    third.buffer.dispatch('trigger');

    expect([notesOf(events()), events().filter(({ type }) => type === (FULL as number)).length]).toEqual([33, 3]);
    expect(events().map(({ timestamp }) => timestamp)).toEqual(events().map(({ timestamp }) => timestamp).sort());
    expect(sent.map(({ sequence }) => sequence)).toEqual(sent.map((_, n) => n));
  });

  it('that comes while earlier pages are read waits for them', async () => {
    const { page, sent, events } = givenTab();
    const first = await page();
    await first.live(5);
    first.leave();
    await settled();
    const second = await page();
    second.buffer.dispatch('trigger');
    expect([sent, second.buffer.waits()]).toEqual([[], false]);
    await settled();
    await second.reading;

    expect(notesOf(events())).toBe(5);
  });

  it('sends what there is if the page is left meanwhile', async () => {
    const { page, sent, events } = givenTab();
    const { buffer, leave, pipeline } = await page();
    pipeline.sealNow();
    buffer.dispatch('trigger');
    leave();

    expect([sent.length > 0, events()[0]?.type]).toEqual([true, META]);
  });

  it('keeps each batch in the outbox at once, for when the API cannot be reached', async () => {
    const { page, sent } = givenTab();
    const { live, buffer, log } = await page();
    await live(70);
    buffer.dispatch('trigger');

    expect(log).toEqual(['captured', ...sent.map(({ sequence }) => `kept ${sequence}`)]);
  });

  it('leaves nothing of the buffer in the browser', async () => {
    const { page, stored } = givenTab();
    const { live, buffer } = await page();
    await live(70);
    expect((await stored()).length).toBeGreaterThan(1);
    buffer.dispatch('trigger');

    expect(await stored()).toEqual([]);
  });
});

describe('without a trigger', () => {
  it('the end leaves nothing in the browser', async () => {
    const { page, stored, sent } = givenTab();
    const { live, buffer } = await page();
    await live(70);
    buffer.dispatch('end');

    expect([await stored(), sent]).toEqual([[], []]);
  });

  it('an idle page takes no full snapshots', async () => {
    const { page } = givenTab();
    const { live, snapshots } = await page();
    await live(1);
    await vi.advanceTimersByTimeAsync(HOUR_MS);

    expect(snapshots()).toBe(1);
  });
});

describe('the bytes', () => {
  it.each([
    ['many events', { maxBytes: 20_000, snapshot: 10 }, 400, 200],
    ['full snapshots that are half of them', { maxBytes: 20_000, snapshot: 10_000 }, 100, 200],
    ['a full snapshot that is larger than all of them', { maxBytes: 20_000, snapshot: 30_000 }, 100, 200],
  ])('are bounded, in memory and in the browser: %s', async (_, given, length, seconds) => {
    const { page, stored, sent, events } = givenTab(given);
    const { live, buffer } = await page();
    let most = 0;
    for (let n = 0; n < seconds / 10; n += 1) {
      await live(10, length);
      most = Math.max(most, sizeOf(await stored()));
    }
    buffer.dispatch('trigger');

    const largestEvent = given.snapshot + 1_000;
    expect(most).toBeLessThanOrEqual(given.maxBytes + largestEvent);
    expect(sizeOf(sent)).toBeLessThanOrEqual(given.maxBytes + largestEvent);
    expect(events().slice(0, 1).map(({ type }) => type)).toEqual(events().length ? [META] : []);
  });

  it('take one more full snapshot in ten seconds at most', async () => {
    const { page } = givenTab({ maxBytes: 20_000 });
    const { live, snapshots } = await page();
    await live(100, 1_000);

    expect(snapshots()).toBeLessThanOrEqual(11);
  });
});

describe('a tab whose storage is still live', () => {
  it('takes over what it has kept, if its page crashed', async () => {
    const { page, events, stored, alive } = givenTab();
    alive.add('id1');
    const first = await page();
    await first.live(20);
    alive.delete('id1');
    vi.clearAllTimers();
    const second = await page();
    await second.live(3);
    expect(second.continuation.recordingId).toBe('id2');
    expect(new Set((await stored()).map(({ recordingId }) => recordingId))).toEqual(new Set(['id2']));
    second.buffer.dispatch('trigger');

    expect(notesOf(events())).toBeGreaterThanOrEqual(20);
    expect(events()[0]?.type).toBe(META);
  });

  it('leaves that alone, if it was duplicated', async () => {
    const { page, events, stored, alive, copy } = givenTab();
    alive.add('id1');
    const first = await page();
    await first.live(20);
    const before = (await stored()).filter(({ recordingId }) => recordingId === 'id1').length;
    const second = await page(copy());
    await second.live(3);
    second.buffer.dispatch('trigger');

    expect([notesOf(events()), events()[0]?.type]).toEqual([3, META]);
    expect((await stored()).filter(({ recordingId }) => recordingId === 'id1')).toHaveLength(before);
  });
});

it('deletes what other tabs have kept an hour ago, unless their page lives', async () => {
  const { page, stored, alive, copy } = givenTab();
  for (const _ of ['gone', 'alive']) {
    const { live } = await page({ ...copy(), getItem: () => null });
    await live(3);
  }
  alive.add('id2');
  await vi.advanceTimersByTimeAsync(HOUR_MS + 1_000);
  const { live } = await page({ ...copy(), getItem: () => null });
  await live(3);

  expect(new Set((await stored()).map(({ recordingId }) => recordingId))).toEqual(new Set(['id2', 'id3']));
});

it('tells what happened since its first event, and names the user all the same', async () => {
  const { page } = givenTab({ seconds: 10 });
  const { live, buffer, continuation } = await page();
  const counted = continuation.counted() as Record<string, unknown>;
  Object.assign(counted, { clicks: 5, user: 'ada', tags: ['plan:pro'] });
  continuation.visit('https://shop.example/old');
  await live(8);
  continuation.visit('https://shop.example/cart');
  await live(30);
  continuation.visit('https://shop.example/pay');
  counted.clicks = 7;
  counted.errors = 1;
  buffer.dispatch('trigger');

  expect(continuation.counted()).toEqual({ clicks: 2, errors: 1, user: 'ada', tags: ['plan:pro'] });
  const { durationMs, pages } = continuation.extent();
  expect(pages).toEqual(['https://shop.example/cart', 'https://shop.example/pay']);
  expect(durationMs).toBeGreaterThanOrEqual(10_000);
  expect(durationMs).toBeLessThanOrEqual(22_000);
});

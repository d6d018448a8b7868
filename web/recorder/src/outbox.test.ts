import { IDBFactory } from 'fake-indexeddb';
import { afterEach, expect, it, vi } from 'vitest';
import { MAX_AGE_MS, OPEN_FOR_MS, openOutbox } from './outbox';
import type { Parcel } from './parcel';

const API = 'https://api.example';
const gone = () => false;
afterEach(() => void vi.restoreAllMocks());

function parcel(sequence: number | null, recordingId = 'r'): Parcel {
  return { recordingId, sequence, text: `{"n":${sequence}}`, events: 1, assets: [] };
}

async function opened(factory = new IDBFactory()) {
  const errors: unknown[] = [];
  const outbox = openOutbox(API, factory, (error) => void errors.push(error));
  await outbox.leftBehind(null, gone);
  return { outbox, errors, factory };
}

it('gives what was put to the next page, createRecording first and then by number', async () => {
  const { outbox, factory } = await opened();
  for (const sequence of [2, 10, null, 0]) outbox.put(parcel(sequence), 'me');

  const found = await (await opened(factory)).outbox.leftBehind('me', gone);

  expect(found.map(({ sequence, text }) => [sequence, text])).toEqual([
    [null, '{"n":null}'],
    [0, '{"n":0}'],
    [2, '{"n":2}'],
    [10, '{"n":10}'],
  ]);
});

it('gives nothing that has been sent', async () => {
  const { outbox } = await opened();
  const sent = parcel(0);
  outbox.put(sent, 'me');
  outbox.remove(sent);

  expect(await outbox.leftBehind('me', gone)).toEqual([]);
});

it('gives nobody what another user recorded', async () => {
  const { outbox } = await opened();
  outbox.put(parcel(0), 'me');

  expect(await outbox.leftBehind('you', gone)).toEqual([]);
  expect(await outbox.leftBehind(null, gone)).toEqual([]);
});

it('leaves a batch alone that a living page still writes to', async () => {
  const { outbox } = await opened();
  outbox.put(parcel(0, 'alive'), 'me', true);
  outbox.put(parcel(0, 'crashed'), 'me', true);

  const found = await outbox.leftBehind('me', (id) => id === 'alive');

  expect(found.map(({ recordingId }) => recordingId)).toEqual(['crashed']);
});

it('waits with such a batch where nobody knows who is alive', async () => {
  const { outbox } = await opened();
  outbox.put(parcel(0), 'me', true);
  expect(await outbox.leftBehind('me', () => undefined)).toEqual([]);

  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + OPEN_FOR_MS);
  expect(await outbox.leftBehind('me', () => undefined)).toHaveLength(1);
});

it('forgets what is too old', async () => {
  const { outbox } = await opened();
  outbox.put(parcel(0), 'me');
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + MAX_AGE_MS + 1);

  expect(await outbox.leftBehind('me', gone)).toEqual([]);
  vi.restoreAllMocks();
  expect(await outbox.leftBehind('me', gone)).toEqual([]);
});

it('does without where there is none', async () => {
  const outbox = openOutbox(API, undefined, () => expect.unreachable());
  outbox.put(parcel(0), 'me');

  expect(await outbox.leftBehind('me', gone)).toEqual([]);
});

it('gives what is gzip of an open batch with what is text yet', async () => {
  const { outbox, factory } = await opened();
  const body = new Uint8Array([1, 2, 3]);
  outbox.put({ ...parcel(0), body }, 'me', true);

  const [found] = await (await opened(factory)).outbox.leftBehind('me', gone);

  expect(found).toMatchObject({ sequence: 0, text: '{"n":0}', body, events: 1, assets: [] });
});

it.each([
  ['text', { text: '{"n":0}', body: null }],
  ['gzip', { text: '', body: new Uint8Array([1, 2, 3]) }],
])('gives, and then forgets, %s that an earlier version kept', async (_, content) => {
  const { outbox, factory } = await opened();
  const one = { apiUrl: API, owner: 'me', recordingId: 'r', sequence: 0, events: 1, assets: [], open: false, ...content };
  await new Promise<void>((resolve) => {
    const opening = factory.open('rrweb-recorder', 1);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('parcels', 'readwrite');
      transaction.objectStore('parcels').put({ ...one, key: `${API} r 0`, keptAtMs: Date.now() });
      transaction.oncomplete = () => resolve();
    };
  });

  const [found] = await outbox.leftBehind('me', gone);
  expect(found).toMatchObject({ recordingId: 'r', sequence: 0, ...content });
  outbox.remove(found!);
  expect(await outbox.leftBehind('me', gone)).toEqual([]);
});

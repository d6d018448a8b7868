import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, expect, it, vi } from 'vitest';
import { HAND_OVER_MS, MAX_AGE_MS, OPEN_FOR_MS, createOutbox } from './outbox';
import type { Parcel } from './parcel';

const API = 'https://api.example';
const gone = () => false;
/** Parcels of this owner. */
const by = (owner: string | undefined) => (one: string) => one === owner;
const later = (ms: number) => vi.spyOn(Date, 'now').mockReturnValue(Date.now() + ms);
afterEach(() => void vi.restoreAllMocks());

function parcel(sequence: number | null, recordingId = 'r'): Parcel {
  return { recordingId, sequence, text: `{"n":${sequence}}`, events: 1, assets: [] };
}

/** An outbox that is open; with `stored`, one that has kept a parcel of recording `r` for certain. */
async function opened(factory = new IDBFactory(), stored = false) {
  const errors: unknown[] = [];
  const outbox = createOutbox(API, factory, (error) => void errors.push(error));
  outbox.open();
  await outbox.leftBehind(by(undefined), 'mine', gone);
  if (stored) {
    const first = parcel(0);
    outbox.put(first, 'me');
    outbox.remove(first);
    await outbox.leftBehind(by(undefined), 'mine', gone);
  }
  return { outbox, errors, factory };
}

it('returns kept parcels to the next page, createRecording first and then by number', async () => {
  const { outbox, factory } = await opened();
  for (const sequence of [2, 10, null, 0]) outbox.put(parcel(sequence), 'me');

  const found = await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone);

  expect(found.map(({ sequence, text }) => [sequence, text])).toEqual([
    [null, '{"n":null}'],
    [0, '{"n":0}'],
    [2, '{"n":2}'],
    [10, '{"n":10}'],
  ]);
});

it('returns no parcel that was sent', async () => {
  const { outbox, factory } = await opened();
  const sent = parcel(0);
  outbox.put(sent, 'me');
  outbox.remove(sent);

  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
});

it('returns no parcel of another user', async () => {
  const { outbox, factory } = await opened();
  outbox.put(parcel(0), 'me');

  expect(await (await opened(factory)).outbox.leftBehind(by('you'), 'mine', gone)).toEqual([]);
  expect(await (await opened(factory)).outbox.leftBehind(by(undefined), 'mine', gone)).toEqual([]);
});

it('keeps nothing of an unknown user', async () => {
  const { outbox, factory } = await opened();
  const unknown = parcel(0);

  expect([outbox.put(unknown, undefined), outbox.put(parcel(1), ''), unknown.kept]).toEqual([false, false, undefined]);
  expect(await (await opened(factory)).outbox.leftBehind(by(undefined), 'mine', gone)).toEqual([]);
  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
});

it('keeps a batch for its own user though another one is signed in', async () => {
  const { outbox, factory } = await opened();
  outbox.put({ ...parcel(0), owner: 'me' }, 'you');

  expect(await (await opened(factory)).outbox.leftBehind(by('you'), 'mine', gone)).toEqual([]);
  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).toMatchObject([{ owner: 'me' }]);
});

it('separates two users with the same recording id', async () => {
  const { outbox, factory } = await opened();
  const mine = parcel(0);
  outbox.put(mine, 'me');
  outbox.put({ ...parcel(0), text: 'yours' }, 'you');
  outbox.remove(mine);

  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
  expect(await (await opened(factory)).outbox.leftBehind(by('you'), 'mine', gone)).toMatchObject([{ text: 'yours' }]);
});

it('returns no batch that an open page still writes to', async () => {
  const { outbox, factory } = await opened();
  outbox.put(parcel(0, 'alive'), 'me', true);
  outbox.put(parcel(0, 'crashed'), 'me', true);

  const found = await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', (id) => id === 'alive');

  expect(found.map(({ recordingId }) => recordingId)).toEqual(['crashed']);
});

it('waits with such a batch where the browser has no locks', async () => {
  const { outbox, factory } = await opened();
  outbox.put(parcel(0), 'me', true);
  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', () => undefined)).toEqual([]);

  later(OPEN_FOR_MS);
  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', () => undefined)).toHaveLength(1);
});

it('returns nothing that this page keeps and sends itself, unless it has handed it over', async () => {
  const { outbox } = await opened(undefined, true);
  const mine = parcel(3, 'mine');
  outbox.put(mine, 'me', true);
  outbox.put(parcel(2, 'mine'), 'me');
  expect(await outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);

  outbox.put(mine, 'me', 'next');
  expect(await outbox.leftBehind(by('me'), 'mine', gone)).toMatchObject([{ sequence: 3, resumes: true }]);
});

it('returns a batch that was handed over to the next page of its tab immediately', async () => {
  const { outbox, factory } = await opened(undefined, true);
  outbox.put(parcel(3, 'mine'), 'me', 'next');

  const found = await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', () => true);

  expect(found).toMatchObject([{ sequence: 3, resumes: true }]);
});

it('leaves such a batch to that page while it may continue it, and twice as long before another page sends it', async () => {
  const { outbox, factory } = await opened(undefined, true);
  outbox.put(parcel(3, 'mine'), 'me', 'next');
  const forWhom = async () => [
    (await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).map(({ resumes }) => resumes),
    (await (await opened(factory)).outbox.leftBehind(by('me'), 'of another tab', gone)).map(({ resumes }) => resumes),
  ];

  expect(await forWhom()).toEqual([[true], []]);
  later(HAND_OVER_MS);
  expect(await forWhom()).toEqual([[false], []]);
  later(HAND_OVER_MS);
  expect(await forWhom()).toEqual([[false], [false]]);
});

it('hands nothing over before anything of the page is stored for certain', async () => {
  const { outbox } = await opened();
  const mine = parcel(3, 'mine');

  expect([outbox.put(mine, 'me', true), outbox.put(mine, 'me', 'next')]).toEqual([true, false]);
  await outbox.leftBehind(by('me'), 'mine', gone);
  expect(outbox.put(mine, 'me', 'next')).toBe(true);
});

it('hands nothing over to another user', async () => {
  const { outbox, factory } = await opened(undefined, true);
  outbox.put(parcel(3, 'mine'), 'me', 'next');

  expect(await (await opened(factory)).outbox.leftBehind(by('you'), 'mine', gone)).toEqual([]);
});

it('reports whether a parcel will be kept, as far as it knows', async () => {
  const closed = createOutbox(API, new IDBFactory(), () => {});
  const early = parcel(0);
  expect([closed.put(early, 'me'), early.kept]).toEqual([false, undefined]); // it is not open yet

  const { outbox, errors } = await opened();
  expect(outbox.put(parcel(0), 'me')).toBe(true);
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  expect(outbox.put(parcel(1), 'me')).toBe(false);
  vi.restoreAllMocks();
  expect(outbox.put(parcel(2), 'me')).toBe(false); // once it was full, nobody relies on it
  expect(errors).toHaveLength(1);
});

it('reports no error after it was closed', async () => {
  const { outbox, errors } = await opened();
  outbox.close();
  await Promise.resolve();

  expect([outbox.put(parcel(0), 'me'), await outbox.leftBehind(by('me'), 'mine', gone), errors]).toEqual([false, [], []]);
});

it('deletes parcels that are too old', async () => {
  const { outbox, factory } = await opened();
  outbox.put(parcel(0), 'me');
  later(MAX_AGE_MS + 1);

  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
  vi.restoreAllMocks();
  expect(await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
});

it('works without IndexedDB', async () => {
  const outbox = createOutbox(API, undefined, () => expect.unreachable());
  outbox.put(parcel(0), 'me');

  expect(await outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
});

it('returns the gzip of an open batch with its text', async () => {
  const { outbox, factory } = await opened();
  const body = new Uint8Array([1, 2, 3]);
  outbox.put({ ...parcel(0), body }, 'me', true);

  const [found] = await (await opened(factory)).outbox.leftBehind(by('me'), 'mine', gone);

  expect(found).toMatchObject({ sequence: 0, text: '{"n":0}', body, events: 1, assets: [] });
});

function putAsBefore(factory: IDBFactory, ...all: object[]): Promise<void> {
  return new Promise((resolve) => {
    const opening = factory.open('rrweb-recorder', 1);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('parcels', 'readwrite');
      for (const one of all) transaction.objectStore('parcels').put(one);
      transaction.oncomplete = () => resolve();
    };
  });
}

function countKept(factory: IDBFactory): Promise<number> {
  return new Promise((resolve) => {
    const opening = factory.open('rrweb-recorder', 1);
    opening.onsuccess = () => {
      const request = opening.result.transaction('parcels').objectStore('parcels').count();
      request.onsuccess = () => resolve(request.result);
    };
  });
}

it('deletes parcels that an earlier version kept without a user', async () => {
  const { outbox, factory } = await opened();
  const one = { apiUrl: API, recordingId: 'r', sequence: 0, events: 1, assets: [], open: false, text: '{}', keptAtMs: Date.now() };
  await putAsBefore(factory, { ...one, key: 'a', owner: null }, { ...one, key: 'b' });
  expect(await outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);

  expect(await countKept(factory)).toBe(0);
});

it.each([
  ['text', { text: '{"n":0}', body: null }],
  ['gzip', { text: '', body: new Uint8Array([1, 2, 3]) }],
])('returns, and then deletes, %s that an earlier version kept', async (_, content) => {
  const { outbox, factory } = await opened();
  const one = { apiUrl: API, owner: 'me', recordingId: 'r', sequence: 0, events: 1, assets: [], open: false, ...content };
  await putAsBefore(factory, { ...one, key: `${API} r 0`, keptAtMs: Date.now() });

  const [found] = await outbox.leftBehind(by('me'), 'mine', gone);
  expect(found).toMatchObject({ recordingId: 'r', sequence: 0, ...content });
  outbox.remove(found!);
  expect(await outbox.leftBehind(by('me'), 'mine', gone)).toEqual([]);
});

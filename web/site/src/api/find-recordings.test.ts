import { expect, test } from 'vitest';
import type { Api } from './client';
import { type Search, findRecordings } from './find-recordings';

const recording = (id: number) => ({ recordingId: `r${id}`, createdAtMs: id, hasScreenshot: false });

interface Answer {
  readonly ids: readonly number[];
  readonly nextCursor?: string;
  readonly lookedThrough: number;
}

/** An API that gives the answers one after another, and the queries that it was asked. */
function apiOf(...answers: readonly Answer[]) {
  const asked: Record<string, string>[] = [];
  const api: Api = async (path, init) => {
    init?.signal?.throwIfAborted();
    asked.push(Object.fromEntries(new URLSearchParams(path.split('?')[1])));
    const { ids, ...members } = answers[asked.length - 1]!;
    return Response.json({ recordings: ids.map(recording), ...members });
  };
  return { api, asked };
}

function search(api: Api, given: Partial<Search> = {}, signal = new AbortController().signal) {
  return findRecordings(api, { filters: { user: 'anna' }, limit: 3, ...given }, signal);
}

test('a search goes on until its page is full, and tells where the next one begins', async () => {
  const { api, asked } = apiOf(
    { ids: [9], nextCursor: 'a', lookedThrough: 1000 },
    { ids: [], nextCursor: 'b', lookedThrough: 700 },
    { ids: [8, 7], nextCursor: 'c', lookedThrough: 900 },
  );

  expect(await search(api, { cursor: 'start' })).toEqual({
    recordings: [9, 8, 7].map(recording),
    nextCursor: 'c',
    lookedThrough: 2600,
  });
  expect(asked).toEqual([
    { user: 'anna', limit: '3', cursor: 'start' },
    { user: 'anna', limit: '2', cursor: 'a' },
    { user: 'anna', limit: '2', cursor: 'b' },
  ]);
});

test('a search ends with the list', async () => {
  const { api } = apiOf({ ids: [9], nextCursor: 'a', lookedThrough: 1000 }, { ids: [], lookedThrough: 12 });

  expect(await search(api)).toEqual({ recordings: [recording(9)], lookedThrough: 1012 });
});

test('a search that is stopped keeps what it has found, and where it can go on', async () => {
  const stop = new AbortController();
  const { api, asked } = apiOf({ ids: [9], nextCursor: 'a', lookedThrough: 1000 });

  const page = await search(api, { stop: stop.signal, onProgress: () => stop.abort() });

  expect(page).toEqual({ recordings: [recording(9)], nextCursor: 'a', lookedThrough: 1000 });
  expect(asked).toHaveLength(1);
});

test('a search that is given up rejects and asks nothing more', async () => {
  const left = new AbortController();
  const { api, asked } = apiOf({ ids: [9], nextCursor: 'a', lookedThrough: 1000 });

  const page = search(api, { onProgress: () => left.abort() }, left.signal);

  await expect(page).rejects.toThrow('aborted');
  expect(asked).toHaveLength(1);
});

test('what has been found is told after each answer', async () => {
  const { api } = apiOf({ ids: [9], nextCursor: 'a', lookedThrough: 1000 }, { ids: [8], lookedThrough: 5 });
  const told: (readonly [number, number])[] = [];

  await search(api, { onProgress: ({ recordings, lookedThrough }) => told.push([recordings.length, lookedThrough]) });

  expect(told).toEqual([[1, 1000], [2, 1005]]);
});

test('a filter is sent as it is written, and an empty one is not sent', async () => {
  const { api, asked } = apiOf({ ids: [], lookedThrough: 0 });
  const filters = { user: 'o\'brien "é😀" &x=%2F#', tag: '', page: undefined, errors: 'true' };

  await search(api, { filters });

  expect(asked).toEqual([{ user: filters.user, errors: 'true', limit: '3' }]);
});

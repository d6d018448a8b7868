import { expect, test } from 'vitest';
import type { Api } from './client';
import { createEventsReader, getEvents } from './events';

interface Page {
  readonly text: string;
  readonly skipped?: number;
  readonly hasMore?: boolean;
}

/** An API that answers the n-th cursor with the n-th page. */
function apiOf(pages: readonly Page[]) {
  return async (path: string): Promise<Response> => {
    const at = Number(new URLSearchParams(path.split('?')[1]).get('cursor') ?? 0);
    const { text, skipped = 0, hasMore = at + 1 < pages.length } = pages[at] ?? { text: '' };
    const headers = { 'Next-Cursor': `${at + 1}`, 'Has-More': `${hasMore}`, 'Events-Skipped': `${skipped}` };
    return new Response(text, { headers });
  };
}

test('an event that spans several pages is put together, and the skipped parts are added up', async () => {
  const pages = [{ text: '{"n":"a"}\n{"n":"é' }, { text: '€', skipped: 1 }, { text: '😀"}\n{"n":"b"}\n', skipped: 2 }];

  const got = await getEvents(apiOf([...pages, { text: '{"n":"c"}\n' }]), 'r1');

  expect(got.lines).toEqual(['{"n":"a"}', '{"n":"é€😀"}', '{"n":"b"}']);
  expect([got.nextCursor, got.hasMore, got.skipped]).toEqual(['3', true, 3]);
});

test('an event whose rest is missing stays incomplete', async () => {
  const got = await getEvents(apiOf([{ text: '{"n":"a"}\n{"n":' }, { text: '', hasMore: false }]), 'r1');

  expect(got.lines).toEqual(['{"n":"a"}', '{"n":']);
  expect([got.nextCursor, got.hasMore]).toEqual(['2', false]);
});

test('a page that ends with a complete line is read alone', async () => {
  const got = await getEvents(apiOf([{ text: '{"n":"a"}\n' }, { text: '{"n":"b"}\n' }]), 'r1');

  expect([got.lines, got.nextCursor]).toEqual([['{"n":"a"}'], '1']);
});

test('requests the first events once for readers that are created while they are under way', async () => {
  const asked: string[] = [];
  let answer = (_: Response): void => {};
  const api: Api = (path) => {
    asked.push(path);
    return new Promise((resolve) => (answer = resolve));
  };
  createEventsReader(api, 'a');
  const reader = createEventsReader(api, 'a');

  const page = reader(undefined, new AbortController().signal);
  answer(new Response('{"n":0}\n', { headers: { 'Next-Cursor': 'c', 'Has-More': 'false' } }));

  expect((await page).lines).toEqual(['{"n":0}']);
  expect(asked).toEqual(['/recordings/a/events']);
  createEventsReader(api, 'a');
  expect(asked).toHaveLength(2);
});

import { expect, test } from 'vitest';
import { MAX_BEGINNING_BYTES, getBeginning } from './beginning';

const META = { type: 4, timestamp: 1_000, data: { href: 'https://shop.example/', width: 800, height: 600 } };
const PAGE = { type: 2, timestamp: 1_001, data: { node: { type: 0, id: 1, childNodes: [] } } };
const END = { type: 5, timestamp: 4_000, data: { tag: 'end', payload: {} } };
/** JSON as Python's `json.dumps` and others write it, with the keys in another order. */
const written = ({ type, ...rest }: { type: number }) => JSON.stringify({ ...rest, type }, undefined, 1).replaceAll('\n', ' ');

/** An API that sends this text in chunks, and how much of it was read. */
function apiOf(text: string, { times = 1, hasMore = false } = {}) {
  const chunk = new TextEncoder().encode(text);
  const taken = { bytes: 0, requests: 0, cancelled: false };
  const api = async () => {
    taken.requests += 1;
    const body = new ReadableStream(
      {
        pull: (controller) => {
          taken.bytes += chunk.byteLength;
          controller.enqueue(chunk);
          if (taken.bytes >= times * chunk.byteLength) controller.close();
        },
        cancel: () => void (taken.cancelled = true),
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { 'Has-More': String(hasMore) } });
  };
  return { api, taken };
}

const linesOf = (...events: object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

test('it has the length, and the first picture of the page with its size', async () => {
  const { api } = apiOf(linesOf(END, META, PAGE, END));

  expect(await getBeginning(api, 'r1')).toEqual({
    durationMs: 0,
    atLeast: false,
    lastEventAtMs: 4_000,
    picture: [JSON.stringify(META), JSON.stringify(PAGE)],
  });
});

test('an event is recognized however its JSON is written', async () => {
  const { api } = apiOf([META, PAGE, END].map((event) => `${written(event)}\n`).join(''));

  expect(await getBeginning(api, 'r1')).toEqual({
    durationMs: 3_000,
    atLeast: false,
    lastEventAtMs: 4_000,
    picture: [written(META), written(PAGE)],
  });
});

test('unreadable lines do not hide the rest', async () => {
  const { api } = apiOf(`{"type":\n${linesOf(META, { type: 2, timestamp: 1, data: {} }, PAGE, END)}null\n`, { hasMore: true });

  expect(await getBeginning(api, 'r1')).toMatchObject({ durationMs: 3_000, atLeast: true, picture: { length: 2 } });
});

test('loading stops at the limit, however large the first event is', async () => {
  const { api, taken } = apiOf('x'.repeat(100_000), { times: 1_000 });

  expect(await getBeginning(api, 'r1')).toBeUndefined();
  expect(taken).toEqual({ bytes: MAX_BEGINNING_BYTES + 100_000, requests: 1, cancelled: true });
});

test('an event that is cut off is no picture, and earlier ones count', async () => {
  const large = { ...PAGE, data: { ...PAGE.data, filler: 'x'.repeat(MAX_BEGINNING_BYTES) } };
  const { api } = apiOf(linesOf(META, large));

  expect(await getBeginning(api, 'r1')).toEqual({ durationMs: 0, atLeast: true, lastEventAtMs: 1_000, picture: [] });
});

test('the rest of an event that spans several answers is not requested', async () => {
  const { api, taken } = apiOf(linesOf(META, PAGE).slice(0, -9), { hasMore: true });

  expect(await getBeginning(api, 'r1')).toMatchObject({ atLeast: true, picture: [] });
  expect(taken.requests).toBe(1);
});

test('a recording without events has no beginning', async () => {
  expect(await getBeginning(apiOf('').api, 'r1')).toBeUndefined();
});

test('a style sheet that came right after the snapshot belongs to the picture, and what came later does not', async () => {
  const change = (timestamp: number, source = 0) => ({
    type: 3, timestamp, data: { source, adds: [], removes: [], texts: [], attributes: [{ id: 1, attributes: { _cssText: 'p{}' } }] },
  });
  const click = { type: 3, timestamp: 1_500, data: { source: 2, type: 2, id: 1 } };
  const { api } = apiOf(linesOf(META, PAGE, change(1_054), click, change(2_001, 8), change(2_002), END));

  expect((await getBeginning(api, 'r1'))!.picture).toEqual(
    [META, PAGE, change(1_001), change(1_001, 8)].map((event) => JSON.stringify(event)),
  );
});

test('the next page is no part of the picture', async () => {
  const later = { type: 3, timestamp: 1_010, data: { source: 0, adds: [], removes: [], texts: [], attributes: [] } };
  const { api } = apiOf(linesOf(META, PAGE, { ...META, timestamp: 1_009 }, later));

  expect((await getBeginning(api, 'r1'))!.picture).toHaveLength(2);
});

test('it says which assets have the pictures, as of the moment of the snapshot', async () => {
  const said = { type: 5, timestamp: 3_000, data: { tag: 'rrweb-store:resources', payload: { stored: {}, missing: {} } } };
  const { api } = apiOf(linesOf(META, PAGE, said, END));

  expect((await getBeginning(api, 'r1'))?.picture.slice(2)).toEqual([JSON.stringify({ ...said, timestamp: PAGE.timestamp })]);
});

test('it has the mark of an end after which nothing was done', async () => {
  const left = { type: 5, timestamp: 5_000, data: { tag: 'rrweb-store:left', payload: {} } };
  const told = { type: 5, timestamp: 5_001, data: { tag: 'rrweb-store:resources', payload: {} } };
  const markOf = async (...events: object[]) => {
    const { lastEventAtMs, endMark } = (await getBeginning(apiOf(linesOf(...events)).api, 'r1'))!;
    return [lastEventAtMs, endMark];
  };

  expect(await markOf(META, PAGE, left, told)).toEqual([5_001, 'left']);
  expect(await markOf(META, PAGE, left, { ...PAGE, timestamp: 6_000 })).toEqual([6_000, undefined]);
  expect(await markOf(META, PAGE)).toEqual([1_001, undefined]);
  expect(await markOf(left)).toEqual([5_000, 'left']);
});

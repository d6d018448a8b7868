import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { continueRecording } from './continuation';
import { RefusedError, backoffMs, createDelivery } from './delivery';
import type { Parcel } from './parcel';
import { userKind } from './user-destination';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

type Said = number | { status: number; headers: Record<string, string> } | 'nothing';

function given(...answers: Said[]) {
  const asked: { method: string; path: string; headers: Headers; keepalive: boolean; body: Uint8Array }[] = [];
  const delivered: (number | null)[] = [];
  const errors: unknown[] = [];
  const kept: (number | null)[] = [];
  const fetch = async (url: RequestInfo | URL, init?: RequestInit) => {
    const { pathname } = new URL(String(url));
    const { method, keepalive, body } = init!;
    asked.push({ method: method!, path: pathname, headers: new Headers(init!.headers), keepalive: keepalive!, body: body as Uint8Array });
    const said = answers.shift() ?? 202;
    if (said === 'nothing') throw new TypeError('Failed to fetch');
    return typeof said === 'number' ? new Response(null, { status: said }) : new Response(null, said);
  };
  let tokens = 0;
  /** Whose token is given next; by default one that names nobody. */
  const user: { is?: string; changes: number } = { changes: 0 };
  const recording = continueRecording({ storage: undefined, newId: () => 'r', sample: () => true });
  const token = { get: async () => (user.is ? `e30.${btoa(JSON.stringify({ sub: user.is }))}.sig` : `token-${(tokens += 1)}`) };
  const kind = userKind('https://api.example/v1', () => token.get());
  /** Who it is kept for, by its number. */
  const keptFor: Record<string, string | undefined> = {};
  const delivery = createDelivery({
    destination: kind.open(recording, () => void (user.changes += 1)),
    fetch,
    outbox: {
      open: () => {},
      put: (parcel, owner) => {
        parcel.kept = `${parcel.sequence}`;
        keptFor[parcel.kept] = parcel.owner ?? owner;
        return !!kept.push(parcel.sequence);
      },
      remove: ({ kept: key }) => void delete keptFor[key!],
      leftBehind: async () => [],
      close: () => {},
    },
    onDelivered: ({ sequence }) => void delivered.push(sequence),
    onError: (error) => void errors.push(error),
  });
  return { delivery, token, user, asked, delivered, errors, kept, keptFor, bearers: () => asked.map(({ headers }) => headers.get('Authorization')) };
}

function batch(sequence: number | null, text = '{"n":1}'): Parcel {
  return { recordingId: 'r', sequence, text, events: 1, assets: [] };
}

it('sends parcels one after the other, each with its number', async () => {
  const { delivery, asked } = given();
  delivery.add(batch(null));
  delivery.add(batch(0));
  delivery.add(batch(1));
  await delivery.settled();

  expect(asked.map(({ method, path, headers }) => [method, path, headers.get('Batch-Sequence')])).toEqual([
    ['PUT', '/v1/recordings/r', null],
    ['POST', '/v1/recordings/r/events', '0'],
    ['POST', '/v1/recordings/r/events', '1'],
  ]);
});

it.each([202, 409, 412])('treats %d as stored', async (status) => {
  const { delivery, delivered, errors } = given(status);
  delivery.add(batch(0));
  await delivery.settled();

  expect([delivered, errors]).toEqual([[0], []]);
});

it.each([500, 502, 429, 408, 'nothing'] as const)('sends again after %s, in the same order', async (said) => {
  const { delivery, delivered, asked } = given(said);
  delivery.add(batch(0));
  delivery.add(batch(1));
  await delivery.settled();
  expect(delivered).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitFor(() => expect(delivered).toEqual([0, 1]));

  expect(asked).toHaveLength(3);
});

it('waits as long as Retry-After says', async () => {
  const { delivery, asked } = given({ status: 429, headers: { 'Retry-After': '7' } });
  delivery.add(batch(0));
  await delivery.settled();
  await vi.advanceTimersByTimeAsync(6_900);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
});

it('does not wait any longer when it is told to retry', async () => {
  const { delivery, delivered } = given('nothing');
  delivery.add(batch(0));
  await delivery.settled();
  delivery.retry();
  await vi.waitFor(() => expect(delivered).toEqual([0]));
});

/** The milliseconds after which each of the next requests is sent. */
async function waitsOf({ asked }: { asked: unknown[] }, requests: number): Promise<number[]> {
  const waits: number[] = [];
  for (let waitedMs = 0; waits.length < requests; waitedMs += 100) {
    await new Promise((resolve) => setImmediate(resolve));
    while (waits.length < asked.length) waits.push(waitedMs);
    await vi.advanceTimersByTimeAsync(100);
  }
  return waits.slice(0, requests);
}

describe('the wait between two requests', () => {
  beforeEach(() => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    vi.stubGlobal('CompressionStream', undefined); // it takes time of another clock
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it.each<[string, Said[], waits: number[]]>([
    ['none after a 401, which gets one fresh token', [401], [0, 0]],
    ['the first one after a second 401 in a row', [401, 401], [0, 0, 1_000]],
    ['longer after each further 401 in a row, none of which gets another token', [401, 401, 401, 401], [0, 0, 1_000, 3_000, 7_000]],
    ['none after a 401 that follows a failure, which gets its fresh token too', ['nothing', 401], [0, 1_000, 1_000]],
    ['none after a 401 that follows two failures', [500, 500, 401], [0, 1_000, 3_000, 3_000]],
    ['the first one after a failure that follows a 401', [401, 'nothing'], [0, 0, 1_000]],
    ['the first one after a 503 that follows a 401', [401, 503, 503], [0, 0, 1_000, 3_000]],
    ['the second one when the fresh token after a failure is refused', ['nothing', 401, 401], [0, 1_000, 1_000, 3_000]],
    ['none after a 401 that follows one in the row before a failure', [401, 'nothing', 401], [0, 0, 1_000, 1_000]],
    ['none after a 401 that follows a refused size', [401, 413, 401], [0, 0, 0, 0]],
    ['none after the 401 of the next batch', [401, 202, 401], [0, 0, 0, 0]],
    ['the first one after a failure of the next batch', ['nothing', 202, 'nothing'], [0, 1_000, 1_000, 2_000]],
    ['none after a refusal for good, and the first one after the next failure', [401, 403, 'nothing'], [0, 0, 0, 1_000]],
    ['as long as the API says, after a 401 too', [401, { status: 429, headers: { 'Retry-After': '7' } }], [0, 0, 7_000]],
    ['the next one after Retry-After', [{ status: 429, headers: { 'Retry-After': '7' } }, 500], [0, 7_000, 9_000]],
    ['by chance where Retry-After is no number', [{ status: 429, headers: { 'Retry-After': 'Sun, 29 Nov 2026' } }], [0, 1_000]],
  ])('is %s', async (_, answers, waits) => {
    const sent = given(...answers);
    sent.delivery.add(batch(0));
    sent.delivery.add(batch(1));

    expect(await waitsOf(sent, waits.length)).toEqual(waits);
  });

  it('is the first one after getToken rejects, and the fresh token of a 401 is asked for after it', async () => {
    const sent = given(401);
    const { get } = sent.token;
    sent.token.get = vi.fn(get).mockRejectedValueOnce(new Error('no network'));
    sent.delivery.add(batch(0));

    expect(await waitsOf(sent, 2)).toEqual([1_000, 1_000]);
    expect(sent.token.get).toHaveBeenCalledTimes(3);
  });

  it('is the first one when getToken rejects after a 401', async () => {
    const sent = given(401);
    const { get } = sent.token;
    sent.token.get = vi.fn(get).mockImplementationOnce(get).mockRejectedValueOnce(new Error('no network'));
    sent.delivery.add(batch(0));

    expect(await waitsOf(sent, 2)).toEqual([0, 1_000]);
  });

  it('is none after the first 401, though a request that outlived the page got one too', async () => {
    const sent = given(202, 'nothing', 401, 401, 401);
    sent.delivery.add(batch(null));
    await sent.delivery.settled();
    sent.delivery.add(batch(0));
    await sent.delivery.settled();
    sent.delivery.leave();
    await new Promise((resolve) => setImmediate(resolve));
    sent.asked.length = 0;
    sent.delivery.retry();

    expect(await waitsOf(sent, 3)).toEqual([0, 0, 2_000]);
  });
});

it('reports the second 401 in a row, and not the first', async () => {
  const { delivery, bearers, errors } = given(401, 401);
  delivery.add(batch(0));
  await delivery.settled();

  expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2']);
  expect(errors).toMatchObject([{ name: 'NotDeliveredError', cause: 401 }]);
});

it.each([400, 403, 409, 412])('sends the events of a batch whose asset check is answered with %d', async (status) => {
  const { delivery, asked, delivered } = given(status);
  delivery.add({ ...batch(0), assets: [{ sha256: 'a'.repeat(64), mediaType: 'image/png', bytes: new Uint8Array([1]) }] });
  await delivery.settled();

  expect(asked.map(({ method }) => method)).toEqual(['HEAD', 'POST']);
  expect(delivered).toEqual([0]);
});

it('marks no batch as large because one of its assets is', async () => {
  const { delivery, asked, errors } = given(404, 413);
  const bytes = new Uint8Array([1, 2, 3]);
  delivery.add({ ...batch(0), assets: [{ sha256: 'a'.repeat(64), mediaType: 'image/png', bytes }] });
  await delivery.settled();

  expect(asked.map(({ method, path }) => [method, path]).at(-1)).toEqual(['POST', '/v1/recordings/r/events']);
  expect(errors).toMatchObject([{ name: 'AssetRefusedError', status: 413 }]);
});

it('drops a parcel that is refused for good, reports it, and continues', async () => {
  const { delivery, delivered, errors } = given(400);
  delivery.add(batch(0));
  delivery.add(batch(1));
  await delivery.settled();

  expect(delivered).toEqual([1]);
  expect(errors).toMatchObject([{ name: RefusedError.name, status: 400, parcel: { sequence: 0 } }]);
});

it('sends a batch that the stream refuses to S3', async () => {
  const { delivery, asked } = given(413, 200);
  delivery.add(batch(4));
  await delivery.settled();

  expect(asked.map(({ method, path }) => [method, path])).toEqual([
    ['POST', '/v1/recordings/r/events'],
    ['PUT', '/v1/recordings/r/events/4'],
  ]);
});

it('keeps parcels while the API is down, and all as the page is left, which sends those that fit into 60 kB', async () => {
  const { delivery, asked, kept } = given('nothing', 'nothing', 'nothing');
  delivery.add(batch(0));
  await delivery.settled(); // it has a token, and waits to try again
  expect(kept).toEqual([0]);
  delivery.add(batch(1, 'x'.repeat(59_000)));
  delivery.add(batch(2, 'x'.repeat(59_000)));
  expect(kept).toEqual([0, 1, 2]);
  delivery.keep();
  delivery.leave();

  expect(kept).toEqual([0, 1, 2, 0, 1, 2]);
  expect(asked.slice(1).map(({ headers, keepalive }) => [headers.get('Batch-Sequence'), keepalive])).toEqual([
    ['0', true],
    ['1', true],
  ]);
});

it('sends gzip and text of a batch as one body', async () => {
  const { delivery, asked } = given();
  delivery.add({ ...batch(0, '\n{"n":2}'), body: new Uint8Array(gzipSync('{"n":1}')) });
  await delivery.settled();

  expect(asked.map(({ headers, body }) => [headers.get('Content-Type'), gunzipSync(body).toString()])).toEqual([
    ['application/gzip', '{"n":1}\n{"n":2}'],
  ]);
});

it('makes gzip of the rest in the task in which the page is left, and sends the same bytes again', async () => {
  const { delivery, asked } = given('nothing', 'nothing', 'nothing');
  delivery.add(batch(0));
  await delivery.settled(); // it has a token, and waits to try again
  delivery.add({ ...batch(1, '\n{"n":2}'), body: new Uint8Array(gzipSync('{"n":1}')) });
  delivery.leave();
  const { headers, body } = asked.at(-1)!;
  delivery.retry();
  await delivery.settled(); // with the answer to what went as the page did
  delivery.retry();
  await delivery.settled();

  expect([headers.get('Content-Type'), gunzipSync(body).toString()]).toEqual(['application/gzip', '{"n":1}\n{"n":2}']);
  expect(asked.filter((one) => one.headers.get('Batch-Sequence') === '1').map((one) => one.body)).toEqual([body, body]);
});

it('does not send a parcel again whose request outlives the page', async () => {
  const { delivery, asked, delivered } = given();
  delivery.add(batch(null));
  await delivery.settled(); // it has a token
  delivery.add({ ...batch(0, ''), body: new Uint8Array(gzipSync('{"n":1}')) });
  delivery.leave();
  await delivery.settled();

  expect([asked.length, delivered]).toEqual([2, [null, 0]]);
});

it.each([['too large for the stream', 800_000, []], ['said to be', 10, [413]]])(
  'sends text that is %s as a large batch of gzip, though the browser cannot compress',
  async (_, length, answers) => {
    vi.stubGlobal('CompressionStream', undefined);
    const { delivery, asked } = given(...answers, 200);
    const text = JSON.stringify('x'.repeat(length));
    delivery.add(batch(0, text));
    await delivery.settled();
    vi.unstubAllGlobals();

    const { method, path, headers, body } = asked.at(-1)!;
    expect([method, path, headers.get('Content-Type')]).toEqual(['PUT', '/v1/recordings/r/events/0', 'application/gzip']);
    expect(gunzipSync(body).toString()).toBe(text);
  },
);

it('sends text as the page is left where the browser cannot gzip', async () => {
  vi.stubGlobal('CompressionStream', undefined);
  const { delivery, asked } = given('nothing');
  delivery.add(batch(0));
  await delivery.settled();
  delivery.leave();
  vi.unstubAllGlobals();

  const { headers, body } = asked.at(-1)!;
  expect([headers.get('Content-Type'), new TextDecoder().decode(body)]).toEqual(['application/x-ndjson', '{"n":1}']);
});

it('leaves a parcel that does not fit to the page that can compress it', async () => {
  const { delivery } = given('nothing');
  delivery.add(batch(0));
  await delivery.settled();
  const large = batch(1, 'x'.repeat(70_000));
  delivery.add(large);
  delivery.leave();

  expect([large.text.length, large.body]).toEqual([70_000, undefined]);
});

it.each([401, 429, 500, 'nothing'] as const)('sends a parcel again that was answered with %s as the page was left, if it returns', async (said) => {
  const { delivery, delivered, bearers } = given('nothing', said);
  delivery.add(batch(0));
  await delivery.settled(); // it has a token, and waits to try again
  delivery.keep();
  delivery.leave();
  await vi.waitFor(() => expect(bearers()).toHaveLength(2));
  expect(delivered).toEqual([]);
  delivery.retry();
  await vi.waitFor(() => expect(delivered).toEqual([0]));

  expect(bearers()).toHaveLength(3);
});

const usersOf = (bearers: (string | null)[]) => bearers.map((bearer) => JSON.parse(atob(bearer!.split('.')[1]!)).sub);

it("sends nothing with another user's token, neither now nor as the page is left", async () => {
  const { delivery, user, bearers, errors } = given('nothing');
  user.is = 'me';
  delivery.add(batch(0));
  await delivery.settled();
  user.is = 'you';
  delivery.retry();
  await vi.waitFor(() => expect(user.changes).toBe(1));
  delivery.leave();

  expect(usersOf(bearers())).toEqual(['me']);
  expect(errors).toMatchObject([{}, { name: 'NotDeliveredError', cause: { message: expect.stringContaining('another user') } }]);
});

it('keeps a batch for the user whose token came after it, and deletes one of an unknown user', async () => {
  const { delivery, user, keptFor } = given('nothing', 'nothing');
  user.is = 'me';
  delivery.add(batch(0));
  await delivery.settled();
  delivery.add(batch(1)); // before the user is asked for again
  delivery.retry();
  await vi.waitFor(() => expect(keptFor).toEqual({ 0: 'me', 1: 'me' }));
  await delivery.settled();
  delivery.add(batch(2)); // after that: it may be of either
  user.is = 'you';
  delivery.retry();
  await vi.waitFor(() => expect(user.changes).toBe(1));
  delivery.abandon();
  delivery.keep();

  expect([keptFor, delivery.bytes()]).toEqual([{ 0: 'me', 1: 'me' }, 0]);
});

it('assigns no user to a batch that was added while a token was awaited', async () => {
  const { delivery, user, token } = given();
  user.is = 'me';
  const first = batch(0);
  const second = batch(1);
  let answer = (): void => {};
  const { get } = token;
  token.get = async () => {
    await new Promise<void>((resolve) => (answer = resolve));
    return get();
  };
  delivery.add(first);
  delivery.add(second);
  answer();
  await vi.waitFor(() => expect(first.owner).toBe('me'));

  expect(second.owner).toBeUndefined();
});

it('keeps the rest for the user of the last token as the page is left', async () => {
  const { delivery, user, keptFor } = given('nothing', 'nothing', 'nothing');
  user.is = 'me';
  delivery.add(batch(0));
  await delivery.settled();
  delivery.add(batch(1));
  delivery.leave();
  user.is = 'you';
  delivery.retry();
  await vi.waitFor(() => expect(user.changes).toBe(1));
  delivery.abandon();

  expect(keptFor).toEqual({ 0: 'me', 1: 'me' });
});

it('updates a kept batch before it is sent, so that both are the same', async () => {
  const { delivery, user, keptFor } = given(500);
  user.is = 'me';
  const outdated = { ...batch(0), kept: '0' };
  delivery.add(outdated);
  await delivery.settled();

  expect(keptFor).toEqual({ 0: 'me' });
});

it('leaves no timer when it is closed', async () => {
  const { delivery } = given('nothing');
  delivery.add(batch(0));
  await delivery.settled();
  delivery.close();

  expect(vi.getTimerCount()).toBe(0);
});

it('waits longer each time, within bounds', () => {
  expect([1, 2, 3, 7, 99].map((failures) => backoffMs(failures, 1))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  expect(backoffMs(1, 0)).toBe(500);
});

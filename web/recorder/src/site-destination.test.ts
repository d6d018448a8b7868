import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { continueRecording } from './continuation';
import { createDelivery } from './delivery';
import { destinationKind } from './destination';
import type { RecorderOptions } from './options';
import { FACTS, type Parcel } from './parcel';

const KEY = 'wk_sandboxsandboxsandboxdemo';
const OLD_KEY = 'wk_aaaaaaaaaaaaaaaaaaaaaaaa';
const WRITE_URL = `https://api.example/v1/w/${KEY}`;
const SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Said = number | 'nothing' | Response;

/** What is sent to a site that gives these answers, one after the other, and 200 after them. */
function given(...answers: Said[]) {
  const asked: { method: string; url: string; headers: string[]; type: string; body: Buffer; keepalive: boolean }[] = [];
  const delivered: (number | null)[] = [];
  const errors: Error[] = [];
  const kept = new Set<number | null>();
  const fetch = async (url: RequestInfo | URL, init: RequestInit = {}) => {
    expect(init.body).not.toBeInstanceOf(Blob); // Firefox reads a blob after the page
    const { method, headers, keepalive } = new Request(url, init);
    const one = { method, url: String(url), headers: [...headers.keys()], type: headers.get('Content-Type') ?? '', body: Buffer.from((init.body ?? '') as Uint8Array), keepalive };
    asked.push(one);
    const said = answers.shift() ?? 200;
    if (said === 'nothing') throw new TypeError('Failed to fetch');
    return said instanceof Response ? said : new Response(null, { status: said });
  };
  const kind = destinationKind({ writeUrl: WRITE_URL, visitor: 'none' });
  const recording = continueRecording({ storage: undefined, newId: kind.newId, owner: kind.owner, sample: () => true });
  const destination = kind.open(recording, () => expect.unreachable());
  const delivery = createDelivery({
    destination,
    fetch,
    outbox: {
      open: () => {},
      put: ({ sequence }) => !!kept.add(sequence),
      remove: ({ sequence }) => void kept.delete(sequence),
      leftBehind: async () => [],
      close: () => {},
    },
    onDelivered: ({ sequence }) => void delivered.push(sequence),
    onError: (error) => void errors.push(error as Error),
  });
  return { delivery, destination, asked, delivered, errors, kept };
}

function batch(sequence: number | null, text = '{"n":1}'): Parcel {
  return { recordingId: 'r', sequence, text, events: 1, assets: [] };
}

const ASSET = { sha256: SHA256, mediaType: 'image/png', bytes: new TextEncoder().encode('hello') };
const problem = (status: number, detail: unknown) => new Response(JSON.stringify({ detail }), { status });

it('sends each parcel by a simple request: a POST of bytes, of the type text/plain without a charset', async () => {
  const { delivery, asked } = given();
  delivery.add(batch(null, '{"startedAtMs":1}'));
  delivery.add(batch(0));
  delivery.add(batch(1_234));
  await delivery.settled();

  const recording = `${WRITE_URL}/recordings/r`;
  expect(asked.map(({ method, url, headers, type }) => [method, url, headers, type])).toEqual([
    ['POST', recording, ['content-type'], 'text/plain'],
    ['POST', `${recording}/events/000000000`, ['content-type'], 'text/plain'],
    ['POST', `${recording}/events/000001234`, ['content-type'], 'text/plain'],
  ]);
  expect([asked[0]!.body.toString(), gunzipSync(asked[1]!.body).toString()]).toEqual(['{"startedAtMs":1}', '{"n":1}']);
});

it('sends text where the browser cannot gzip, however large it is', async () => {
  vi.stubGlobal('CompressionStream', undefined);
  const { delivery, asked } = given();
  const text = JSON.stringify('x'.repeat(800_000));
  delivery.add(batch(0, text));
  await delivery.settled();

  expect(asked.map(({ type, body }) => [type, body.toString() === text])).toEqual([['text/plain', true]]);
});

it('asks for an asset by HEAD, and sends it as bytes with its checksum in the address', async () => {
  const { delivery, asked } = given(404);
  delivery.add({ ...batch(0), assets: [ASSET] });
  await delivery.settled();

  expect(asked.slice(0, 2).map(({ method, url, headers, type, body }) => [method, url, headers, type, body.toString()])).toEqual([
    ['HEAD', `${WRITE_URL}/assets/${SHA256}`, [], '', ''],
    ['POST', `${WRITE_URL}/assets/${SHA256}?checksum=LPJNul%2Bwow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ%3D`, ['content-type'], 'text/plain', 'hello'],
  ]);
});

describe('the answer to a batch', () => {
  it.each<Said>([200, 412])('%s means that it is stored', async (said) => {
    const { delivery, delivered, errors } = given(said);
    delivery.add(batch(0));
    await delivery.settled();

    expect([delivered, errors]).toEqual([[0], []]);
  });

  it.each<Said>([409, 429, 408, 500, 502, 503, 'nothing'])('%s: the same bytes are sent again under the same number', async (said) => {
    const { delivery, asked, delivered } = given(said);
    delivery.add(batch(0));
    await delivery.settled();
    expect(delivered).toEqual([]);
    delivery.retry();
    await delivery.settled();

    expect(delivered).toEqual([0]);
    expect(asked.map(({ url, body }) => [url, body])).toEqual([asked[0], asked[0]].map((one) => [one!.url, one!.body]));
  });

  it.each([400, 401, 404, 413, 415])('%d: it is dropped for good, and the next one is sent', async (status) => {
    const { delivery, delivered, errors } = given(problem(status, 'Half a member.'));
    delivery.add(batch(0));
    delivery.add(batch(1));
    await delivery.settled();

    expect(delivered).toEqual([1]);
    expect(errors.map(({ message }) => message)).toEqual([`batch 0 was refused with ${status} Half a member.`]);
  });
});

it.each([409, 412])('a recording whose creation is answered with %d exists', async (status) => {
  const { delivery, delivered, errors } = given(status);
  delivery.add(batch(null));
  await delivery.settled();

  expect([delivered, errors]).toEqual([[null], []]);
});

describe('a 403', () => {
  it('says why, and nothing of this page is sent or kept from then on', async () => {
    const { delivery, asked, errors, kept } = given(problem(403, `The key ${KEY} is retired.`));
    delivery.add(batch(null));
    delivery.add(batch(0));
    delivery.keep();
    await delivery.settled();
    delivery.add(batch(1));
    delivery.retry();
    delivery.leave();
    delivery.keep();
    await delivery.settled();

    expect([asked.length, [...kept], delivery.bytes()]).toEqual([1, [], 0]);
    expect(errors).toMatchObject([{ name: 'RefusedError', status: 403, isFinal: true }]);
    expect(errors[0]!.message).toBe(`the recording was refused with 403 The key ${KEY} is retired.`);
  });

  it.each([
    ['no JSON', new Response('Forbidden', { status: 403 })],
    ['null', new Response('null', { status: 403 })],
    ['without a text', problem(403, { toString: 'x' })],
  ])('that is %s is a 403 all the same', async (_, answer) => {
    const { delivery, errors } = given(answer);
    delivery.add(batch(0));
    await delivery.settled();

    expect(errors.map(({ message }) => message)).toEqual(['batch 0 was refused with 403']);
  });

  it('of a batch of another key drops that batch alone', async () => {
    const { delivery, asked, delivered } = given(403);
    delivery.add({ ...batch(0), owner: OLD_KEY });
    delivery.add(batch(1));
    await delivery.settled();

    expect(asked.map(({ url }) => url)).toEqual([
      `https://api.example/v1/w/${OLD_KEY}/recordings/r/events/000000000`,
      `${WRITE_URL}/recordings/r/events/000000001`,
    ]);
    expect(delivered).toEqual([1]);
  });

  it('of an asset costs that picture alone', async () => {
    const { delivery, delivered, errors } = given(403);
    delivery.add({ ...batch(0), assets: [ASSET] });
    await delivery.settled();

    expect([delivered, errors.map(({ name }) => name)]).toEqual([[0], ['AssetRefusedError']]);
  });
});

it('sends what fits into 60 kB as the page is left, with the facts last, without a token', async () => {
  const { delivery, asked } = given();
  delivery.add(batch(0));
  await delivery.settled();
  asked.length = 0;
  const first = batch(1, 'x'.repeat(59_000));
  const { add, leave } = delivery;
  add(first);
  add(batch(2, 'x'.repeat(70_000)));
  add(batch(3, 'x'.repeat(100)));
  leave({ ...batch(FACTS, '{"durationMs":1}'), owner: KEY });

  expect(asked.map(({ url, keepalive, type }) => [url.slice(WRITE_URL.length), keepalive, type])).toEqual([
    ['/recordings/r/events/000000001', true, 'text/plain'],
    ['/recordings/r/events/000000003', true, 'text/plain'],
    ['/recordings/r/facts', true, 'text/plain'],
  ]);
});

it('sends the batches of every key, and knows its owner without asking', () => {
  const { destination } = given();

  expect([destination.owner(), destination.sendsFor(OLD_KEY), destination.url]).toEqual([KEY, true, 'https://api.example/v1/w']);
});

it('creates a recording with what a page says of itself, less what sites have not', () => {
  const { destination } = given();

  expect(destination.creation('{"startedAtMs":1,"pageTitle":"\\"$x","hasScreenshot":false}')).toBe('{"startedAtMs":1,"pageTitle":"\\"$x"}');
});

describe('options', () => {
  const getToken = async () => '';
  it.each<[string, unknown, string]>([
    ['of both kinds', { writeUrl: WRITE_URL, apiUrl: 'https://api.example', getToken }, 'writeUrl excludes'],
    ['with a token for a site', { writeUrl: WRITE_URL, getToken }, 'writeUrl excludes'],
    ['of neither kind', {}, 'writeUrl is needed, or apiUrl and getToken'],
    ['without getToken', { apiUrl: 'https://api.example' }, 'writeUrl is needed, or apiUrl and getToken'],
    ['without apiUrl', { getToken }, 'writeUrl is needed, or apiUrl and getToken'],
    ['with an empty write URL', { writeUrl: '' }, 'writeUrl must be'],
    ['with null', { writeUrl: null }, 'writeUrl must be'],
    ['with no key after its prefix', { writeUrl: 'https://api.example/w/wk_' }, 'got https://api.example/w/wk_'],
    ['with no key', { writeUrl: 'https://api.example/w' }, 'writeUrl must be'],
    ['with a key in capitals', { writeUrl: WRITE_URL.toUpperCase() }, 'writeUrl must be'],
    ['of another scheme', { writeUrl: `javascript://x/w/${KEY}` }, 'writeUrl must be'],
    ['with a query', { writeUrl: `${WRITE_URL}?a` }, 'writeUrl must be'],
    ['with a line break', { writeUrl: `https://a.example/\n/w/${KEY}` }, 'writeUrl must be'],
    ['without a host', { writeUrl: `https:///w/${KEY}` }, 'writeUrl must be'],
    ['with a wrong visitor', { writeUrl: WRITE_URL, visitor: 'Browser' }, 'visitor must be one of browser, tab, none, got Browser'],
  ])('%s are refused with a sentence', (_, options, message) => {
    expect(() => destinationKind(options as RecorderOptions)).toThrow(message);
  });

  it.each([`http://127.0.0.1:8080/w/${KEY}`, `${WRITE_URL}/`, `https://a.example/a/b/w/${KEY}`])('take %s', (writeUrl) => {
    expect(destinationKind({ writeUrl }).owner).toBe(KEY);
  });
});

import { gunzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { bookmarkletScript, bookmarkletUrl } from './bookmarklet-url';
import { gzip } from './gzip';
import { isLeftOut } from './record-page';
import { createTokenSource } from './token-source';
import { uuidv4, uuidv7 } from './uuid';
import { cut } from './well-formed';

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

it('makes ids of version 7 that sort by time', () => {
  const ids = [1, 1_000, 1_700_000_000_000].map((nowMs) => uuidv7(nowMs));

  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids[2]!.slice(0, 13)).toBe('018bcfe5-6800');
});

it('makes random ids of version 4', () => {
  const ids = Array.from({ length: 200 }, uuidv4);

  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids.map((id) => id[0])).size).toBe(16);
  expect(new Set(ids).size).toBe(200);
});

it('gzips any text', async () => {
  const text = 'Þórr 🚢 '.repeat(50_000);

  expect(gunzipSync((await gzip(text))!).toString()).toBe(text);
});

it('returns nothing where the browser cannot gzip', async () => {
  vi.stubGlobal('CompressionStream', undefined);

  expect(await gzip('text')).toBeUndefined();
  vi.unstubAllGlobals();
});

/** Tokens of a tab whose recording is the owner's, given one after the other; `changes` counts the other users seen. */
function tokensOf(owner: string | undefined, ...given: (string | Error)[]) {
  const seen = { changes: 0, owner };
  const source = createTokenSource(
    async () => {
      const next = given.shift()!;
      if (next instanceof Error) throw next;
      return next;
    },
    { owner: () => seen.owner, setOwner: (sub) => void (seen.owner = sub) },
    () => void (seen.changes += 1),
  );
  return { source, seen };
}

it('calls getToken each time, and has no user before the first token', async () => {
  const { source, seen } = tokensOf(undefined, jwt({ sub: 'me' }), jwt({ sub: 'me', exp: 2 }));
  expect([source.owner(), source.held()]).toEqual([undefined, undefined]);

  expect([await source.get(), await source.get()]).toEqual([jwt({ sub: 'me' }), jwt({ sub: 'me', exp: 2 })]);
  expect([source.owner(), source.held(), seen]).toEqual(['me', jwt({ sub: 'me', exp: 2 }), { changes: 0, owner: 'me' }]);
});

it("does not assume that a tab's next page is the same user's before a token says so", async () => {
  const { source } = tokensOf('me', jwt({ sub: 'me' }));
  expect(source.owner()).toBeUndefined();

  await source.get();
  expect(source.owner()).toBe('me');
});

it("never returns another user's token, and reports the change", async () => {
  const { source, seen } = tokensOf('me', jwt({ sub: 'me' }), jwt({ sub: 'you' }));
  await source.get();

  await expect(source.get()).rejects.toThrow('another user');
  expect([source.owner(), source.held(), seen]).toEqual([undefined, undefined, { changes: 1, owner: 'me' }]);
});

it.each([
  ['there is no token', new Error('signed out')],
  ['it is empty', ''],
  ['it is no JWT', 'opaque'],
  ['it names no user', jwt({})],
  ['its user is no text', jwt({ sub: { toString: 'me' } })],
])('has no user while %s, until the same user is back', async (_, none) => {
  const { source, seen } = tokensOf('me', jwt({ sub: 'me' }), none, jwt({ sub: 'me' }));
  await source.get();
  await expect(source.get()).rejects.toThrow();
  expect([source.owner(), source.held()]).toEqual([undefined, undefined]);

  await source.get();
  expect([source.owner(), seen.changes]).toEqual(['me', 0]);
});

it('accepts a token that is no JWT while no user is known, until one names a user', async () => {
  const { source, seen } = tokensOf(undefined, 'opaque', jwt({ sub: 'me' }));

  expect([await source.get(), source.owner(), source.held()]).toEqual(['opaque', undefined, 'opaque']);
  await source.get();
  expect([source.owner(), seen.changes]).toEqual(['me', 0]);
});

it.each([
  ['x \ud83d', 10, 'x \ufffd'],
  ['\ude00\ud83d', 10, '\ufffd\ufffd'],
  ['ship 🚢', 10, 'ship 🚢'],
  ['ship 🚢', 6, 'ship '],
  ['ship 🚢', 7, 'ship 🚢'],
  ['ship \ud83d', 6, 'ship \ufffd'],
  [`${'x'.repeat(1_023)}🚢`, 1_024, 'x'.repeat(1_023)],
])('leaves no half of a character in %j when it cuts it after %d', (text, units, expected) => {
  expect(cut(text, units)).toBe(expected);
});

it.each([
  [[/private/], true],
  [[/public/g], false],
  [undefined, false],
  [(url: URL) => url.pathname === '/private', true],
  [() => Promise.reject.call(undefined), true],
])('leaves a page out by its URL: %s', (leaveOut, expected) => {
  expect(isLeftOut(new URL('https://example.com/private'), leaveOut as RegExp[], () => {})).toBe(expected);
});

it('makes an address that holds the script as it is', () => {
  const script = 'var rrwebBookmarklet = { recordThisPage: (given) => given.relayUrl + "%22 \\n #ü" }';
  const relayUrl = 'https://a.example/relay?"%20';
  const url = bookmarkletUrl(script, relayUrl);

  expect(new URL(url).protocol).toBe('javascript:');
  expect(url).not.toMatch(/[\s"#]/);
  expect(decodeURIComponent(url.slice('javascript:'.length))).toBe(bookmarkletScript(script, relayUrl));
  const run = bookmarkletScript('var rrwebBookmarklet = { recordThisPage: (given) => heard.push(given) }', relayUrl);
  const heard: unknown[] = [];
  new Function('heard', run)(heard);
  expect(heard).toEqual([{ relayUrl }]);
});

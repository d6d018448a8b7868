import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Cleaner } from '../cleaner';
import * as serialized from './serialized';

const { MAX_LINE_CHARACTERS } = serialized;
const hides = (text: string): string => text.replaceAll('Ann Bell', '********');
const serializedLine = (given: readonly unknown[]): string[] => serialized.serializedLine(given, { isBlocked: () => false, clean: { text: hides, place: hides } as Cleaner });

class FakeNode {
  nodeName = '#text';
}
class FakeElement extends FakeNode {
  localName = 'button';
  classList = ['primary', 'large'];
  getAttribute = (name: string) => (name === 'id' ? 'pay' : 'secret');
}

beforeAll(() => {
  vi.stubGlobal('Node', FakeNode);
  vi.stubGlobal('Element', FakeElement);
});
afterAll(() => void vi.unstubAllGlobals());

const one = (value: unknown): unknown => JSON.parse(serializedLine([value])[0]!);

it('writes plain values as JSON', () => {
  expect(serializedLine(['text "quoted"', 1.5, true, null, [1, [2]], { a: { b: 'c' } }])).toEqual([String.raw`"text \"quoted\""`, '1.5', 'true', 'null', '[1,[2]]', '{"a":{"b":"c"}}']);
});

it('names what JSON has no word for', () => {
  expect([undefined, NaN, -Infinity, 12n, Symbol('s'), function pay() {}, () => 1].map(one)).toEqual([
    'undefined', 'NaN', '-Infinity', '12n', 'Symbol(s)', '[function pay]', '[function anonymous]',
  ]); // prettier-ignore
  expect([new Date(0), new Date(NaN), /a+/gi, new Uint8Array(3), new Map([['a', new Set([1])]]), new WeakMap(), Promise.resolve()].map(one)).toEqual([
    '1970-01-01T00:00:00.000Z', 'Invalid Date', '/a+/gi', '[Uint8Array of 3 bytes]', { 'Map(1)': [['a', { 'Set(1)': [1] }]] }, '[WeakMap]', '[Promise]',
  ]); // prettier-ignore
  expect([new FakeNode(), new FakeElement()].map(one)).toEqual(['[#text]', '<button#pay.primary.large>']);
});

it('shows an error with its message and its stack, whichever of both the stack has', () => {
  const here = new TypeError('planted');
  const ofFirefox = Object.assign(new RangeError('planted'), { stack: 'pay@https://a.example/a.js:1:2\n' });

  expect(one(here)).toBe(here.stack);
  expect(one(ofFirefox)).toBe('RangeError: planted\npay@https://a.example/a.js:1:2\n');
  expect(one(Object.assign(new Error('bare'), { stack: undefined }))).toBe('Error: bare');
});

it('calls nothing of the page and survives what throws', () => {
  const called: string[] = [];
  const note = (what: string) => (): never => {
    called.push(what);
    throw new Error(what);
  };
  const getter = Object.defineProperty({ a: 1 }, 'b', { enumerable: true, get: note('getter') });
  const told = { toJSON: note('toJSON'), toString: note('toString'), valueOf: note('valueOf') };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  expect(one(getter)).toEqual({ a: 1, b: '[getter]' });
  expect(Object.keys(one(told) as object)).toEqual(['toJSON', 'toString', 'valueOf']);
  expect(one(proxy)).toBe('[unreadable]');
  expect(one({ inside: new Proxy({}, { ownKeys: note('trap') }), after: 1 })).toEqual({ inside: '[unreadable]', after: 1 });
  expect(called).toEqual(['trap']);
});

it('ends where an object holds itself, and shows it twice where it is only there twice', () => {
  const twice = { name: 'twice' };
  const cyclic: Record<string, unknown> = { first: twice, second: twice };
  cyclic['self'] = [cyclic];

  expect(one(cyclic)).toEqual({ first: twice, second: twice, self: ['[circular]'] });
});

it('keeps a member that is called __proto__ a member', () => {
  expect(serializedLine([JSON.parse('{"__proto__":{"a":1}}')])).toEqual(['{"__proto__":{"a":1}}']);
});

it.each([
  ['a huge text', ['x'.repeat(10_000_000)]],
  ['many arguments', Array.from({ length: 10_000 }, (_, n) => n)],
  ['a long list', [Array.from({ length: 1_000_000 }, () => 'text')]],
  ['a wide object', [Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key ${n}`.repeat(100), 'x'.repeat(100)]))]],
  ['a deep object', [Array.from({ length: 10_000 }).reduce((inner: object) => ({ inner }), {})]],
  ['broad and deep objects', [(function branch(depth: number): object { return depth ? Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, branch(depth - 1)])) : { text: 'y'.repeat(99) }; })(3)]], // prettier-ignore
  ['broad and deep', [(function branch(depth: number): object { return depth ? Array.from({ length: 20 }, () => branch(depth - 1)) : { text: 'y'.repeat(999) }; })(3)]], // prettier-ignore
])('bounds %s', (_, given) => {
  const line = serializedLine(given);

  expect(line.length).toBeLessThanOrEqual(21);
  expect(line.join('').length).toBeLessThan(MAX_LINE_CHARACTERS * 1.5);
  for (const json of line) JSON.parse(json);
});

it('hides what is hidden before it cuts a text, and in the names of members', () => {
  expect(one(`${'x'.repeat(4_997)}Ann Bell`)).toBe(`${'x'.repeat(4_997)}***…`);
  expect(one({ 'of Ann Bell': 'Ann Bell' })).toEqual({ 'of ********': '********' });
});

it('shows four levels of an object', () => {
  expect(one({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({ a: { b: { c: { d: '{…}' } } } });
  expect(one([[[[[1]]]]])).toEqual([[[['[…]']]]]);
});

it('says how much is left out', () => {
  expect(one(Array.from({ length: 60 }, () => 0))).toEqual([...Array.from({ length: 50 }, () => 0), '… 10 more']);
  expect((one(Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`k${n}`, n]))) as Record<string, unknown>)['…']).toBe('10 more');
  expect(serializedLine(Array.from({ length: 25 }, () => 0)).at(-1)).toBe('"… 5 more"');
  expect(String(one('x'.repeat(5_001))).endsWith('x…')).toBe(true);
});

it('reads no more of the page than it shows', () => {
  let read = 0;
  const leaf = new Proxy({}, { ownKeys: () => ((read += 1), []) });
  const wide = (value: object): object => Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`a long name ${n}`, value]));
  serializedLine([wide(wide(wide(leaf)))]);

  expect(read).toBeLessThan(MAX_LINE_CHARACTERS / 10);
});

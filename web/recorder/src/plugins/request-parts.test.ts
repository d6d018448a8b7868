import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { absolute, errorName, fetchParts, headerNames, headersOf } from './request-parts';

beforeAll(() => void vi.stubGlobal('document', { baseURI: 'https://a.example/shop/' }));
afterAll(() => void vi.unstubAllGlobals());

const NAME = 'x-request-id';

it.each([
  [true, []], ['', []], ['true', []], [undefined, []], [{}, []],
  ['X-Request-Id', [NAME]], [' X-Request-Id, traceparent ', [NAME, 'traceparent']], [{ headers: ['X-Request-Id'] }, [NAME]],
] as const)('reads the names of headers from %j', (option, names) => {
  expect(headerNames(option)).toEqual(names);
}); // prettier-ignore

it.each([
  ['a text', ['cart?id=1'], 'GET', 'https://a.example/shop/cart?id=1'],
  ['an address', [new URL('https://b.example/')], 'GET', 'https://b.example/'],
  ['a request', [new Request('https://b.example/a', { method: 'PUT' })], 'PUT', 'https://b.example/a'],
  ['a request and options', [new Request('https://b.example/a', { method: 'PUT' }), { method: 'patch' }], 'patch', 'https://b.example/a'],
  ['nothing', [], 'GET', 'https://a.example/shop/undefined'],
  ['no address', ['https://['], 'GET', ''],
])('reads method and address of %s', (_, given, method, address) => {
  expect(fetchParts(given)).toMatchObject({ method, address });
});

it.each([
  ['Headers', new Headers({ 'X-Request-Id': 'r-1' })],
  ['an object', { 'X-Request-ID': 'r-1' }],
  ['pairs', [['X-REQUEST-ID', 'r-1']]],
])('reads a header of %s', (_, headers) => {
  const { get } = fetchParts(['/', { headers }]);

  expect(headersOf(get, [NAME, 'authorization'])).toEqual({ [NAME]: 'r-1' });
  expect(headersOf(get, ['authorization'])).toBeUndefined();
});

it('reads headers of a request, unless its options have others', () => {
  const request = new Request('https://b.example/', { headers: { [NAME]: 'r-1' } });

  expect(fetchParts([request]).get(NAME)).toBe('r-1');
  expect(fetchParts([request, { headers: {} }]).get(NAME)).toBeUndefined();
});

it('leaves an iterator of the page as it is', () => {
  const headers = new Map([[NAME, 'r-1']]).entries();

  expect(fetchParts(['/', { headers }]).get(NAME)).toBeUndefined();
  expect(headers.next().value).toEqual([NAME, 'r-1']);
});

it('cuts a long header', () => {
  expect(headersOf(() => 'x'.repeat(9_999), [NAME])![NAME]).toHaveLength(500);
});

it('names what a request was rejected with, whatever that is', () => {
  expect([new TypeError('x'), new DOMException('x', 'AbortError'), 'text', undefined, { name: 'no name' }].map(errorName)).toEqual(['TypeError', 'AbortError', 'Error', 'Error', 'Error']);
});

it('has no address for what is none', () => {
  expect([absolute('https://['), absolute('/a#b')]).toEqual(['', 'https://a.example/a#b']);
});

import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { storedMember } from './stored-member';

it.each([
  ['nothing', ''],
  ['one event', '{"n":1}'],
  ['emoji', 'Þórr 🚢'],
  ['a whole block', 'x'.repeat(65_535)],
  ['a byte more than a block', 'x'.repeat(65_536)],
  ['blocks that cut characters', 'ü🚢'.repeat(50_000)],
])('is gzip of %s', (_, text) => {
  expect(gunzipSync(storedMember(text)).toString()).toBe(text);
});

it('can follow another member', () => {
  expect(gunzipSync(Buffer.concat([storedMember('{"n":1}'), storedMember('\n{"n":2}')])).toString()).toBe('{"n":1}\n{"n":2}');
});

it('adds no more than 23 bytes to a short text', () => {
  expect(storedMember('x'.repeat(60_000))).toHaveLength(60_023);
});

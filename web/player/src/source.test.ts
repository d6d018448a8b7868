import { expect, test } from 'vitest';
import { AttributeError, sourceOf } from './source';

const BASE = 'https://app.example/tickets/7';

test.each([
  ['https://api.example/v1/recordings/r-1', 'https://api.example/v1', undefined, 'r-1'],
  ['https://api.example/recordings/r_1', 'https://api.example', undefined, 'r_1'],
  ['https://api.example/v1/sites/shop/recordings/r-1', 'https://api.example/v1', 'shop', 'r-1'],
  [' https://api.example/sites/shop-2/recordings/r-1\n', 'https://api.example', 'shop-2', 'r-1'],
  ['/replays/recordings/r-1', 'https://app.example/replays', undefined, 'r-1'],
  ['http://127.0.0.1:8080/recordings/r-1', 'http://127.0.0.1:8080', undefined, 'r-1'],
])('%s names a recording', (src, apiUrl, siteId, recordingId) => {
  expect(sourceOf(src, BASE)).toEqual({ apiUrl, siteId, recordingId });
});

test.each([
  'r-1',
  'https://api.example/recordings/',
  'https://api.example/recordings/r-1/events',
  'https://api.example/recordings/r-1?t=7',
  'https://api.example/recordings/r-1#top',
  'https://api.example/recordings/a%2Fb',
  'https://api.example/recordings/🙂',
  `https://api.example/recordings/${'x'.repeat(65)}`,
  'https://user:secret@api.example/recordings/r-1',
  'javascript:alert(1)//recordings/r-1',
  'data:text/html,/recordings/r-1',
  'https://',
  '"><script>\0',
])('%j is refused, and the message says what src has to be', (src) => {
  const refused = () => sourceOf(src, BASE);

  expect(refused).toThrow(AttributeError);
  expect(refused).toThrow(`The attribute src is ${JSON.stringify(src)}. It has to be <apiUrl>/recordings/<id>`);
});

test('without src, the message says that it is missing', () => {
  expect(() => sourceOf(' ', BASE)).toThrow('The attribute src is missing');
});

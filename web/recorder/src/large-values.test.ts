import type { eventWithTime } from '@rrweb/types';
import { expect, it } from 'vitest';
import { customEvent } from './corrections/recorded-nodes';
import { OMITTED_TAG, linesOf } from './large-values';
import { typedValues } from './typed-values';

const MILLION = 1_000_000;
const PICTURE = `data:image/png;base64,${'A'.repeat(12 * MILLION)}`;
const BOX = { width: '300px', height: '200px' };

/** The event as it is sent, and the names of what was left out. */
function sent(event: object, maxAssetBytes = 4_400_000, box: typeof BOX | null = BOX) {
  const [line, omission] = linesOf({ ...event, timestamp: 7 } as eventWithTime, maxAssetBytes, () => box ?? undefined);
  const data = omission?.data as { tag: string; payload: { values: { name: string; characters: number }[] } } | undefined;
  if (data) expect([data.tag, omission!.timestamp]).toEqual([OMITTED_TAG, 7]);
  return { line: line && JSON.parse(line), length: line.length, values: data?.payload.values ?? [] };
}

const snapshot = (...childNodes: object[]) => ({ type: 2, data: { node: { type: 0, id: 1, childNodes } } });
const change = (attributes: object) => ({ type: 3, data: { source: 0, attributes: [{ id: 5, attributes }] } });
const text = (textContent: string) => ({ type: 3, id: 9, textContent });

it('leaves an event as it is that fits a request', () => {
  const event = snapshot(text('a'.repeat(7 * MILLION)));
  expect(sent(event)).toMatchObject({ line: event, values: [] });
});

it('makes a box of a picture in a snapshot', () => {
  const img = { type: 2, id: 5, tagName: 'img', attributes: { id: 'i', src: PICTURE }, childNodes: [] };
  const { line, values } = sent(snapshot(img, text('kept')));

  expect(line.data.node.childNodes).toEqual([
    { ...img, attributes: { id: 'i', src: '', rr_width: '300px', rr_height: '200px' } },
    text('kept'),
  ]);
  expect(values).toEqual([{ name: 'src', characters: PICTURE.length }]);
});

it('makes a box of a picture that comes later, by its style', () => {
  expect(sent(change({ src: PICTURE, style: { color: 'red' } })).line.data.attributes).toEqual([
    { id: 5, attributes: { src: '', style: { color: 'red', ...BOX } } },
  ]);
  expect(sent(change({ src: PICTURE }), 4_400_000, null).line.data.attributes).toEqual([{ id: 5, attributes: { src: '' } }]);
});

it('keeps a picture that leaves the line as an asset', () => {
  expect(sent(change({ src: PICTURE }), 9_500_000).values).toEqual([]);
});

it.each([
  ['a text', snapshot(text('x'.repeat(9 * MILLION)))],
  ['a typed value', { type: 3, data: { source: 5, id: 5, text: 'x'.repeat(9 * MILLION) } }],
  ['an attribute', change({ 'data-state': 'x'.repeat(9 * MILLION) })],
])('cuts %s', (_, event) => {
  const { length, values } = sent(event);
  expect(length).toBeLessThan(101_000);
  expect(values).toHaveLength(1);
});

it('keeps the rules of a style sheet without the files in it', () => {
  const rule = `@font-face { src: url("data:font/woff2,${'%41'.repeat(3 * MILLION)}") } h1 { color: red }`;
  const { line } = sent({ type: 3, data: { source: 8, id: 5, adds: [{ rule }] } });

  expect(line.data.adds).toEqual([{ rule: '@font-face { src: url("data:,") } h1 { color: red }' }]);
});

it.each([9, 10])('leaves out a whole event of source %d', (source) => {
  const { line, values } = sent({ type: 3, data: { source, id: 5, fontSource: '1'.repeat(9 * MILLION) } });
  expect([line, values]).toEqual(['', [{ name: 'fontSource', characters: 9 * MILLION }]]);
});

it('leaves out no more than it must, the largest first', () => {
  const { line } = sent(snapshot(text('a'.repeat(3 * MILLION)), text('b'.repeat(6 * MILLION)), text('c'.repeat(4 * MILLION))));
  expect(line.data.node.childNodes.map((one: { textContent: string }) => one.textContent.length)).toEqual([3 * MILLION, 100_000, 4 * MILLION]);
});

it('hides typed names in all that is recorded, and in nothing that the page tells of a visit', () => {
  typedValues.add('ann@page.example');
  const told = (tag: string) => {
    const { type, data, timestamp } = customEvent(tag, { user: 'ann@page.example' });
    return sent({ timestamp, data, type } as eventWithTime).line.data.payload.user; // as a page's `transform` may order it
  };

  expect(['rrweb-store:animations', 'rrweb-store:user', 'rrweb-store:event'].map(told)).toEqual(['________________', 'ann@page.example', 'ann@page.example']);
});

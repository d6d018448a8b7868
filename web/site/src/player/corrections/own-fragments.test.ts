import { expect, test } from 'vitest';
import { createSanitizer } from '../sanitize-replay';
import { findOwnFragments } from './own-fragments';

function found(css: string): unknown {
  const attributes = { _cssText: css };
  findOwnFragments(attributes);
  return attributes._cssText;
}

test('a part of the page itself is found in the page, whatever folder rrweb has put before it', () => {
  expect(found('a { mask: url("https://shop.example/#cut") } b { filter: url(https://shop.example/css/#blur) }')).toBe(
    'a { mask: url("#cut") } b { filter: url(#blur) }',
  );
});

test.for([
  'url("https://shop.example/signs.svg#star")',
  'url("https://shop.example/a/?q=1#star")',
  'url("https://shop.example/")',
  'url("#star")',
  'url(data:image/svg+xml,<svg/>#star)',
])('%s stays as it is', (css) => {
  expect(found(css)).toBe(css);
});

test('it is so in each sheet and inline style of a snapshot, and in those that change later', () => {
  const css = 'a { clip-path: url("https://shop.example/#cut") }';
  const style = { type: 2, id: 2, tagName: 'style', attributes: { _cssText: css, style: css }, childNodes: [] };
  const snapshot = { type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [style] }, initialOffset: {} } };
  const change = { type: 3, timestamp: 2, data: { source: 0, texts: [], removes: [], adds: [], attributes: [{ id: 2, attributes: { _cssText: css, style: css } }] } };
  const sanitize = createSanitizer();
  sanitize(snapshot);
  sanitize(change);

  const right = 'a { clip-path: url("#cut") }';
  expect([style.attributes, change.data.attributes[0]!.attributes]).toEqual(Array(2).fill({ _cssText: right, style: right }));
});

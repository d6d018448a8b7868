import { expect, test } from 'vitest';
import { createLabels } from './labels';

type Node = Record<string, unknown>;
const element = (id: number, tagName: string, attributes: object = {}, ...childNodes: Node[]): Node => ({ type: 2, id, tagName, attributes, childNodes });
const text = (id: number, textContent: string): Node => ({ type: 3, id, textContent });
const snapshot = (...childNodes: Node[]) => ({ type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes }, initialOffset: { top: 0, left: 0 } } }) as never;
const change = (data: object) => ({ type: 3, timestamp: 2, data: { source: 0, adds: [], removes: [], texts: [], attributes: [], ...data } }) as never;

function labelsOf(...childNodes: Node[]) {
  const labels = createLabels();
  labels.learn(snapshot(...childNodes));
  return labels;
}

test('a click on a part of a button is one on the button, by all that it says', () => {
  const labels = labelsOf(element(2, 'button', {}, element(3, 'svg', {}, element(4, 'path')), element(5, 'span', {}, text(6, '  Pay\n now ')), text(7, '!')));

  expect([2, 3, 4, 5, 6].map(labels.of)).toEqual(Array(5).fill('“Pay now !”'));
});

const circle = element(5, 'circle', { r: '9' });
test.each([
  [element(2, 'svg', { role: 'img', 'aria-label': 'The lamp' }, element(3, 'g', {}, circle)), '“The lamp”'],
  [element(2, 'svg', { role: 'img' }, element(3, 'title', {}, text(4, 'Sales')), circle), '“Sales”'],
  [element(2, 'svg', {}, element(3, 'title', {}, text(4, 'Sales')), circle), '“Sales”'],
  [element(2, 'svg', {}, element(3, 'text', {}, text(4, 'May')), element(6, 'text', {}, text(5, 'June'))), '“June”'],
  [element(2, 'svg', {}, circle), 'a picture'],
  [element(2, 'div', { role: 'img' }, element(3, 'div', {}, element(5, 'i'))), 'a picture'],
  [element(2, 'button', {}, element(3, 'svg', { 'aria-label': 'Close' }, element(4, 'title', {}, text(6, 'Close')), circle)), '“Close”'],
])('a shape in %j is called %s', (node, label) => {
  expect(labelsOf(node).of(5)).toBe(label);
});

test.each([
  [element(2, 'a', { 'aria-label': 'Cart' }, text(3, '3')), '“Cart”'],
  [element(2, 'img', { alt: 'A seal' }), '“A seal”'],
  [element(2, 'a', {}, element(3, 'img', { alt: 'Home' })), '“Home”'],
  [element(2, 'input', { type: 'submit', value: 'Send' }), '“Send”'],
  [element(2, 'input', { type: 'text', value: 'Ada', placeholder: 'Your name' }), '“Your name”'],
  [element(3, 'label', {}, text(4, 'E-mail'), element(2, 'input', { type: 'email' })), '“E-mail”'],
  [element(3, 'form', {}, element(4, 'label', { for: 'x' }, text(5, 'City')), element(2, 'input', { id: 'x', name: 'c' })), '“City”'],
  [element(2, 'div', {}, element(3, 'script', {}, text(4, 'alert(1)'))), '<div>'],
  [element(2, 'button'), 'a button'],
  [element(2, 'div', { role: 'button' }), 'a button'],
  [element(2, 'input', { type: 'checkbox' }), 'a checkbox'],
  [element(2, 'textarea', { value: 'secret' }), 'a field'],
  [element(2, 'a', { href: '/' }), 'a link'],
  [element(2, 'constructor'), '<constructor>'],
])('%j is called %s', (node, label) => {
  expect(labelsOf(node).of(2)).toBe(label);
});

test('labels follow the page as it changes', () => {
  const labels = labelsOf(element(2, 'button', {}, text(3, 'Add')), element(4, 'p'));
  labels.learn(change({ texts: [{ id: 3, value: 'Remove' }] }));
  expect(labels.of(2)).toBe('“Remove”');
  labels.learn(change({ attributes: [{ id: 2, attributes: { 'aria-label': 'Remove the lamp' } }] }));
  expect(labels.of(2)).toBe('“Remove the lamp”');
  labels.learn(change({ attributes: [{ id: 2, attributes: { 'aria-label': null } }], removes: [{ id: 3, parentId: 2 }], adds: [{ parentId: 5, nextId: null, node: text(6, 'inside') }, { parentId: 2, nextId: null, node: element(5, 'b') }] }));
  expect(labels.of(2)).toBe('“inside”');
  labels.learn(change({ removes: [{ id: 2, parentId: 1 }] }));
  expect([labels.of(2), labels.of(6)]).toEqual(['an element', 'an element']);
});

test('a node that moved is read where it is now', () => {
  const labels = labelsOf(element(2, 'button', {}, text(3, 'Buy')), element(4, 'button', {}));
  labels.learn(change({ adds: [{ parentId: 4, nextId: null, node: text(3, 'Buy') }] }));

  expect([labels.of(2), labels.of(4)]).toEqual(['a button', '“Buy”']);
});

test('what was in a node that is added again is forgotten, unless it is added, too', () => {
  const labels = labelsOf(element(2, 'button', {}, element(3, 'b', {}, text(4, 'Buy'))));
  labels.learn(change({ adds: [{ parentId: 1, nextId: null, node: element(2, 'button') }] }));

  expect([labels.of(2), labels.size()]).toEqual(['a button', 2]);
});

test('the next page has its own elements', () => {
  const labels = labelsOf(element(2, 'button', {}, text(3, 'Old')));
  labels.learn(snapshot(element(2, 'a', {}, text(4, 'New'))));

  expect([labels.of(2), labels.of(3)]).toEqual(['“New”', 'an element']);
});

test('a page that is built to be slow or large is cut', () => {
  let deep = text(90_001, 'deep');
  for (let id = 90_000; id > 1; id--) deep = element(id, 'i', {}, deep);
  const labels = labelsOf(deep, element(100_000, 'button', {}, ...Array.from({ length: 5_000 }, (_, n) => text(100_001 + n, 'x'.repeat(1_000)))));

  expect(labels.of(90_000)).toBe('“deep”');
  expect(labels.of(2)).toBe('<i>');
  expect(labels.of(100_000).length).toBeLessThan(110);
});

test('no more nodes are kept than the player draws', () => {
  const labels = createLabels();
  labels.learn({ type: 2, data: { node: { type: 0, id: 1, childNodes: Array.from({ length: 260_000 }, (_, n) => text(n + 2, '')) } } } as never);

  expect(labels.size()).toBe(250_000);
});

test.each([undefined, 'x', -1, Number.NaN, {}])('the id %s is of no element', (id) => {
  expect(labelsOf(element(2, 'a')).of(id)).toBe('an element');
});

test('nodes that are no nodes do not stop it', () => {
  const labels = labelsOf(...([null, 5, { id: 'x' }, { type: 2, id: 7, tagName: 3, attributes: [1], childNodes: 'no' }] as never[]), element(2, 'a', {}, text(3, 'ok')));
  labels.learn(change({ adds: [null, { parentId: {}, node: 4 }], removes: [null, { id: 3 }], texts: [7], attributes: [{ id: 2, attributes: { toString: 'x', alt: { a: 1 } } }] }));

  expect(labels.of(2)).toBe('“ok”');
});

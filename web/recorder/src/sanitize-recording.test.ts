import type { eventWithTime } from '@rrweb/types';
import { expect, it } from 'vitest';
import { sanitize } from './sanitize-recording';

const node = (tagName: string, attributes: object, ...childNodes: object[]) => ({ type: 2, tagName, attributes, childNodes });
const snapshot = (root: object) => ({ type: 2, data: { node: { type: 0, childNodes: [root] } } }) as unknown as eventWithTime;
const mutation = (data: object) =>
  ({ type: 3, data: { source: 0, adds: [], attributes: [], ...data } }) as unknown as eventWithTime;
const names: Record<number, string> = { 1: 'MY-INPUT', 2: 'PROGRESS', 3: 'IFRAME' };

function sanitized(event: eventWithTime, masksValues = true): unknown {
  sanitize(event, masksValues, (id) => names[id] ?? '');
  return event;
}

it('removes the source of a frame, and hides the value of a custom element, at any depth', () => {
  const deep = (frame: object, own: object) =>
    node('body', {}, node('iframe', frame), node('div', {}, { type: 3, textContent: 'text' }, node('my-input', own)));

  expect(sanitized(snapshot(deep({ srcdoc: '<p>', id: 'f' }, { value: 'typed', label: 'Name' })))).toEqual(
    snapshot(deep({ id: 'f' }, { value: '*****', label: 'Name' })),
  );
});

it('does so in added nodes and changed attributes', () => {
  const added = (attributes: object) => ({ adds: [{ parentId: 1, nextId: null, node: node('my-input', attributes) }] });
  const changed = (...attributes: object[]) => ({ attributes: attributes.map((one, at) => ({ id: at + 1, attributes: one })) });

  expect(sanitized(mutation(added({ value: 'typed' })))).toEqual(mutation(added({ value: '*****' })));
  expect(sanitized(mutation(changed({ value: 'typed' }, { value: '7' }, { srcdoc: '<p>' })))).toEqual(
    mutation(changed({ value: '*****' }, { value: '7' }, {})),
  );
});

it.each(['li', 'progress', 'option', 'button'])('leaves the value of %s, which holds no typed text', (name) => {
  expect(sanitized(snapshot(node(name, { value: '7' })))).toEqual(snapshot(node(name, { value: '7' })));
});

it('leaves values where inputs are not masked, and a removed attribute', () => {
  expect(sanitized(snapshot(node('my-input', { value: 'typed' })), false)).toEqual(snapshot(node('my-input', { value: 'typed' })));
  expect(sanitized(mutation({ attributes: [{ id: 1, attributes: { value: null } }] }))).toEqual(
    mutation({ attributes: [{ id: 1, attributes: { value: null } }] }),
  );
});

it('leaves other events alone', () => {
  const event = { type: 3, data: { source: 5, id: 1, text: '***' } } as unknown as eventWithTime;

  expect(sanitized(event)).toBe(event);
});

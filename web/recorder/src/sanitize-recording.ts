import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;

type Attributes = Record<string, unknown>;

/**
 * Take out of an event what rrweb's masking does not see.
 *
 * - `srcdoc` of a frame: its document is recorded by itself, masked; the attribute is the same again, as it was written.
 * - `value` of an element that the page defined, which may hold what was typed into it.
 *
 * @param nameOf the name of an element by rrweb's number for it
 */
export function sanitize(event: eventWithTime, masksValues: boolean, nameOf: (id: number) => string): void {
  if (event.type === FULL_SNAPSHOT) sanitizeNode(event.data.node);
  if (event.type !== INCREMENTAL || event.data.source !== MUTATION) return;
  for (const { node } of event.data.adds) sanitizeNode(node);
  for (const { id, attributes } of event.data.attributes) sanitizeAttributes(nameOf(id), attributes);

  function sanitizeNode(root: serializedNodeWithId): void {
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if ('attributes' in node) sanitizeAttributes(node.tagName, node.attributes);
      if ('childNodes' in node) for (const child of node.childNodes) nodes.push(child);
    }
  }

  function sanitizeAttributes(name: string, attributes: Attributes): void {
    delete attributes['srcdoc'];
    if (masksValues && name.includes('-') && typeof attributes['value'] === 'string') {
      attributes['value'] = '*'.repeat(attributes['value'].length);
    }
  }
}

import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;

type Attributes = Record<string, unknown>;

/**
 * Remove from an event what rrweb's masking misses.
 *
 * - `srcdoc` of a frame: its document is recorded by itself, masked; the attribute would repeat it unmasked.
 * - `value` of a custom element, which may hold typed text.
 *
 * @param nameOf the name of an element, by rrweb's id for it
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

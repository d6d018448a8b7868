import type { eventWithTime } from '@rrweb/types';
import { FULL_SNAPSHOT, INCREMENTAL, type Json, MUTATION, isObject } from '../player/event';
import { lineOf } from './bounded';

/** Protects the memory: later elements and texts of a page have no label. The player draws no page with more. */
const MAX_NODES = 250_000;
/** Of an element or text. */
const MAX_TEXT = 100;
/** Protects the player from pages that are built to be slow. */
const MAX_CHILDREN = 1_000;
const MAX_VISITED = 200;
const MAX_LEVELS = 30;

const ELEMENT = 2;
const TEXT = 3;
/** Attributes that may name an element, best first. */
const NAMING = ['aria-label', 'alt', 'title', 'placeholder', 'name'] as const;
const KEPT: readonly string[] = [...NAMING, 'role', 'type', 'value', 'for', 'id'];
/** What is clicked, where a picture or a text inside it was hit. */
const ACTING = /^(a|button|summary|label|option|select|input|textarea)$/;
const ACTING_ROLES = /^(button|link|tab|menuitem|option|checkbox|switch|radio)$/;
const BUTTON_TYPES = /^(button|submit|reset|image)$/;
const WITHOUT_TEXT = /^(script|style|noscript|template)$/;
const NAMES = new Map([['a', 'link'], ['input', 'field'], ['textarea', 'field'], ['select', 'list'], ['img', 'picture'], ['svg', 'picture']]);

interface Known {
  /** In lower case; empty for a text. */
  readonly tag: string;
  readonly parent: number;
  /** May hold ids of nodes that have left. */
  children: number[];
  /** It has as many children as are kept, and none has left since. */
  isFull: boolean;
  text: string;
  readonly attributes: Partial<Record<string, string>>;
}

/** What a picture says in place of what is in it. */
function pictureName({ tag, attributes }: Known): string {
  if (tag === 'img') return attributes['alt'] ?? '';
  return tag === 'svg' || attributes['role'] === 'img' ? (attributes['aria-label'] ?? '') : '';
}

export type Labels = ReturnType<typeof createLabels>;

/** What the elements of the recorded page are called, from its snapshots and changes as they arrive. */
export function createLabels() {
  let nodes = new Map<number, Known>();
  /** The `<label for>` of an id. */
  let labelsFor = new Map<string, number>();

  function know(id: number, parent: number, node: Json): Known | undefined {
    if (nodes.size >= MAX_NODES) return undefined;
    const attributes: Partial<Record<string, string>> = {};
    if (isObject(node['attributes'])) {
      for (const name of KEPT) {
        const value = node['attributes'][name];
        if (typeof value === 'string' && value !== '') attributes[name] = lineOf(value, MAX_TEXT);
      }
    }
    const tag = node['type'] === ELEMENT ? lineOf(node['tagName'], 40).toLowerCase() : '';
    const known = { tag, parent, children: [], isFull: false, text: node['type'] === TEXT ? lineOf(node['textContent'], MAX_TEXT) : '', attributes };
    nodes.set(id, known);
    if (tag === 'label' && attributes['for']) labelsFor.set(attributes['for'], id);
    return known;
  }

  /** Adds a node and everything in it. */
  function addAll(top: unknown, parent: number, nextId?: unknown): void {
    const waiting: [unknown, number, unknown?][] = [[top, parent, nextId]];
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      const [node, over, before] = one;
      if (!isObject(node) || typeof node['id'] !== 'number') continue;
      if (nodes.has(node['id'])) forget(node['id']);
      if (!know(node['id'], over, node)) return;
      put(node['id'], over, before);
      const { childNodes } = node;
      if (!Array.isArray(childNodes) || WITHOUT_TEXT.test(String(node['tagName']))) continue;
      for (let index = childNodes.length - 1; index >= 0; index--) waiting.push([childNodes[index], node['id']]);
    }
  }

  function put(id: number, parent: number, before: unknown): void {
    const over = nodes.get(parent);
    if (!over || over.isFull) return;
    if (over.children.length >= MAX_CHILDREN) {
      over.children = over.children.filter((child) => nodes.get(child)?.parent === parent);
      over.isFull = over.children.length >= MAX_CHILDREN;
      if (over.isFull) return;
    }
    const index = typeof before === 'number' ? over.children.indexOf(before) : -1;
    if (index < 0) over.children.push(id);
    else over.children.splice(index, 0, id);
  }

  /** Forgets a node and everything in it. */
  function forget(id: number): void {
    const waiting = [id];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const known = nodes.get(one);
      if (!known) continue;
      nodes.delete(one);
      const over = nodes.get(known.parent);
      if (over) over.isFull = false;
      for (const child of known.children) {
        if (nodes.get(child)?.parent === one) waiting.push(child);
      }
    }
  }

  function change({ removes, adds, attributes, texts }: Json): void {
    for (const one of removes as unknown[]) {
      if (isObject(one) && nodes.get(one['id'] as number)?.parent === one['parentId']) forget(one['id'] as number);
    }
    let waiting = (adds as unknown[]).filter(isObject);
    for (let round = 0; round < 3 && waiting.length > 0; round++) {
      // A node may be listed before its parent.
      waiting = waiting.filter((add) => {
        if (!nodes.has(add['parentId'] as number)) return true;
        addAll(add['node'], add['parentId'] as number, add['nextId']);
        return false;
      });
    }
    for (const one of attributes as unknown[]) {
      const known = isObject(one) ? nodes.get(one['id'] as number) : undefined;
      if (!known || !isObject(one) || !isObject(one['attributes'])) continue;
      for (const name of KEPT) {
        if (!Object.hasOwn(one['attributes'], name)) continue;
        known.attributes[name] = lineOf(one['attributes'][name], MAX_TEXT);
      }
    }
    for (const one of texts as unknown[]) {
      const known = isObject(one) ? nodes.get(one['id'] as number) : undefined;
      if (known && isObject(one)) known.text = lineOf(one['value'], MAX_TEXT);
    }
  }

  /** What can be read in a node. */
  function textIn(id: number): string {
    let text = '';
    let left = MAX_VISITED;
    const waiting = [id];
    for (let one = waiting.pop(); one !== undefined && left-- > 0 && text.length < MAX_TEXT; one = waiting.pop()) {
      const known = nodes.get(one);
      if (!known) continue;
      const picture = pictureName(known);
      text = [text, known.text || picture].filter(Boolean).join(' ');
      if (picture) continue; // it says the same as what is in it
      const { children } = known;
      for (let index = children.length - 1; index >= 0; index--) {
        if (nodes.get(children[index]!)?.parent === one) waiting.push(children[index]!);
      }
    }
    return lineOf(text, MAX_TEXT);
  }

  /** The closest node around this one, itself included, that fits. */
  function closest(id: number, fits: (known: Known) => boolean): number | undefined {
    let at: number | undefined = id;
    for (let level = 0; level < MAX_LEVELS; level++) {
      const known: Known | undefined = at === undefined ? undefined : nodes.get(at);
      if (!known) return undefined;
      if (fits(known)) return at;
      at = known.parent;
    }
    return undefined;
  }

  /** What a click on this node acts on: a control around it, or a picture as a whole. */
  function actedOn(id: number): number {
    const acting = closest(id, ({ tag, attributes }) => ACTING.test(tag) || ACTING_ROLES.test(attributes['role'] ?? ''));
    if (acting !== undefined) return acting;
    const image = closest(id, ({ attributes }) => attributes['role'] === 'img');
    if (image !== undefined) return image;
    return textIn(id) ? id : (closest(id, ({ tag }) => tag === 'svg') ?? id);
  }

  function nameOf(id: number, { tag, attributes }: Known): string {
    const isField = /^(input|textarea|select)$/.test(tag);
    const isButton = tag === 'input' && BUTTON_TYPES.test(attributes['type'] ?? '');
    const named = attributes['aria-label'] || (isButton ? attributes['value'] : '');
    if (named) return named;
    if (isField && !isButton) {
      const label = labelsFor.get(attributes['id'] ?? '') ?? closest(id, (one) => one.tag === 'label');
      const text = label === undefined || !nodes.has(label) ? '' : textIn(label);
      if (text) return text;
    }
    const text = isField ? '' : textIn(id);
    return text || NAMING.map((name) => attributes[name]).find(Boolean) || '';
  }

  return {
    learn({ type, data }: eventWithTime): void {
      if ((type as number) === FULL_SNAPSHOT) {
        nodes = new Map();
        labelsFor = new Map();
        addAll((data as Json)['node'], 0);
      } else if ((type as number) === INCREMENTAL && (data as Json)['source'] === MUTATION) change(data as unknown as Json);
    },
    /** `“Pay now”`, `a button`, `<div>`: what a user would call the element with this id, or the one around it that acts. */
    of(id: unknown): string {
      if (typeof id !== 'number' || !nodes.has(id)) return 'an element';
      const acting = actedOn(id);
      const known = nodes.get(acting)!;
      const name = nameOf(acting, known);
      if (name) return `“${name}”`;
      if (known.tag === '') return 'the page';
      const { type = '', role = '' } = known.attributes;
      if (known.tag === 'button' || role === 'button' || BUTTON_TYPES.test(type)) return 'a button';
      if (/^(checkbox|radio)$/.test(type)) return `a ${type}`;
      const called = role === 'img' ? 'picture' : NAMES.get(known.tag);
      return called ? `a ${called}` : `<${known.tag}>`;
    },
    /** The type of a field, such as `checkbox`; its tag if it has none. */
    typeOf: (id: unknown): string => {
      const known = typeof id === 'number' ? nodes.get(id) : undefined;
      return known?.attributes['type'] ?? known?.tag ?? '';
    },
    /** Number of nodes that are known. */
    size: (): number => nodes.size,
  };
}

import {
  CANVAS_MUTATION,
  FULL_SNAPSHOT,
  INCREMENTAL,
  type Json,
  MEDIA_INTERACTION,
  MUTATION,
  isObject,
} from './event';

/** Protects the tab: more than this many elements and texts in one event are not drawn. */
export const MAX_NODES = 250_000;
/** Protects the stack: rrweb's player builds a page by recursion. */
export const MAX_DEPTH = 500;

const ELEMENT = 2;
const SCRIPT_URL = /^(javascript|vbscript|livescript):/i;
const ANIMATES = /^(animate\w*|set)$/;
const FRAME = /^i?frame$/;
const TAG_NAME = /^[a-z][\w.:-]*$/i;
/** Not looked for in the sandboxed frame's own rules, which hold besides: these ask the network, or lead away. */
const TAKEN_FROM: Readonly<Record<string, readonly string[]>> = {
  a: ['ping', 'target', 'download'],
  area: ['ping', 'target', 'download'],
  base: ['href', 'target'],
  button: ['formaction'],
  embed: ['src'],
  form: ['action', 'target'],
  frame: ['src'],
  fencedframe: ['src', 'config'],
  iframe: ['src', 'srcdoc', 'name', 'allow', 'sandbox', 'csp'],
  input: ['formaction'],
  link: ['href', 'imagesrcset', 'rel'],
  meta: ['http-equiv', 'content'],
  object: ['data', 'codebase', 'archive'],
  portal: ['src'],
  script: ['src', 'href', 'xlink:href'],
};
/** Whatever element it is of. */
const NEVER_SET = new Set(['srcdoc', 'action', 'formaction', 'ping', 'http-equiv', 'imagesrcset', 'rel', 'attributename', 'autoplay']);
/** No film or sound can be loaded: the player would try to play it all the same, at each seek. */
const OF_MEDIA = /^(autoplay|rr_media\w*)$/i;
const NO_NODE = -1;
/** An element that nobody knew, or one out of its time: it may be any of those above. */
const TAKEN_FROM_UNKNOWN: readonly string[] = [...new Set(Object.values(TAKEN_FROM).flat())];
/** These are drawn as boxes: nothing of them could be shown, and no later change can wake them. */
const DRAWN_AS_BOX = new Set(['base', 'fencedframe', 'portal']);

/** The recording holds a page that is not drawn. The message says why. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * Makes events harmless, in place, before rrweb's player sees them: no script, no handler, nothing that navigates or
 * connects. One for each recording, since later events speak of nodes by their number.
 *
 * It is the second of three: the frame is sandboxed without scripts, and the site's policy lets nothing be loaded
 * from elsewhere.
 */
export function createHarmless(): (event: unknown) => void {
  const tags = new Map<number, string>();
  let newestMs = 0;
  /** Of the event at hand. */
  let count = 0;
  /** Whether the player will apply it before events that came before it: then a number may mean another element. */
  let isLate = false;

  function node(root: Json): void {
    const waiting: [Json, number][] = [[root, 0]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [one, depth] = next;
      if (++count > MAX_NODES) throw new TooLargeError(`a page of more than ${MAX_NODES} nodes is not drawn`);
      if (one['type'] === ELEMENT) element(one);
      const { childNodes } = one;
      if (!Array.isArray(childNodes)) {
        if ('childNodes' in one) one['childNodes'] = [];
        continue;
      }
      const children = depth < MAX_DEPTH ? childNodes.filter(isObject) : [];
      if (children.length !== childNodes.length) one['childNodes'] = children;
      for (const child of children) waiting.push([child, depth + 1]);
    }
  }

  function element(one: Json): void {
    const given = typeof one['tagName'] === 'string' ? one['tagName'] : '';
    const tag = given.toLowerCase();
    if (!TAG_NAME.test(tag) || DRAWN_AS_BOX.has(tag) || (isLate && FRAME.test(tag))) one['tagName'] = 'unknown-element';
    if (one['isCustom'] === true && !/^[a-z][a-z0-9]*-[a-z0-9-]*$/.test(given)) one['isCustom'] = false;
    const attributes = isObject(one['attributes']) ? one['attributes'] : {};
    one['attributes'] = attributes;
    for (const [name, value] of Object.entries(attributes)) {
      if (isDangerous(name, value) || OF_MEDIA.test(name)) delete attributes[name];
    }
    take(attributes, TAKEN_FROM[tag] ?? []);
    if (ANIMATES.test(tag)) take(attributes, isOfAddress(attributes) ? ['attributename'] : []);
    if (tag === 'script' || tag.endsWith(':script')) {
      one['tagName'] = 'noscript';
      one['childNodes'] = [];
    }
    if (typeof one['id'] === 'number') tags.set(one['id'], tag);
  }

  function attributeChange(change: Json): void {
    const { id, attributes } = change;
    if (!isObject(attributes)) {
      change['attributes'] = {};
      return;
    }
    const tag = isLate ? undefined : tags.get(id as number);
    take(attributes, tag === undefined ? TAKEN_FROM_UNKNOWN : (TAKEN_FROM[tag] ?? []));
    for (const [name, value] of Object.entries(attributes)) {
      const isStyle = name === 'style' && isObject(value); // its properties, each by itself
      if (NEVER_SET.has(name.toLowerCase()) || (!isStyle && isDangerous(name, value))) delete attributes[name];
    }
  }

  return (event) => {
    if (!isObject(event) || !isObject(event['data'])) return;
    const { type, data } = event;
    const timestamp = Number(event['timestamp']);
    isLate = timestamp < newestMs;
    newestMs = Math.max(newestMs, timestamp);
    count = 0;
    if (type === FULL_SNAPSHOT) {
      if (!isLate) tags.clear();
      node(data['node'] as Json);
    }
    if (type !== INCREMENTAL) return;
    if (data['source'] === MUTATION) {
      const adds = (data['adds'] as unknown[]).filter((add) => isObject(add) && isObject(add['node']));
      data['adds'] = adds;
      for (const add of adds) node((add as { node: Json }).node);
      data['attributes'] = (data['attributes'] as unknown[]).filter(isObject);
      for (const change of data['attributes'] as Json[]) attributeChange(change);
    }
    if (data['source'] === MEDIA_INTERACTION) data['id'] = NO_NODE;
    if (data['source'] === CANVAS_MUTATION && !Array.isArray(data['commands'])) data['commands'] = [];
  };
}

/** Remove these, however they are written. */
function take(attributes: Json, names: readonly string[]): void {
  for (const own of Object.keys(attributes)) {
    if (names.includes(own.toLowerCase())) delete attributes[own];
  }
}

/** Whether an animation changes where something leads to. */
function isOfAddress(attributes: Json): boolean {
  return Object.entries(attributes).some(
    ([name, value]) => name.toLowerCase() === 'attributename' && /^\s*(xlink:)?href\s*$/i.test(String(value)),
  );
}

function isDangerous(name: string, value: unknown): boolean {
  if (/^_?on/i.test(name) || !/^[^\s"'<>/=\0]+$/.test(name)) return true;
  if (isObject(value) || Array.isArray(value)) return true; // the player would make a text of it, which nobody has read
  // As a browser reads a URL: without blanks and control characters before and within its scheme.
  // eslint-disable-next-line no-control-regex
  return typeof value === 'string' && SCRIPT_URL.test(value.slice(0, 200).replace(/[\u0000-\u0020]/g, ''));
}

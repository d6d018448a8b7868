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
/** What `src` loads a document into. */
const LOADS_DOCUMENT = /^(i?frame|embed)$/;
const TAG_NAME = /^[a-z][\w.:-]*$/i;
/** Not looked for in the sandboxed frame's own rules, which hold besides: these ask the network, or lead away. */
const TAKEN_FROM: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
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
  }),
);
/** The only ones of those that a change may set: pictures have them too. */
const SET_ON_OTHERS: readonly string[] = ['src', 'href', 'xlink:href', 'name'];
/** By a change, whatever element it is of. */
const NEVER_SET: readonly string[] = [
  ...[...TAKEN_FROM.values()].flat().filter((name) => !SET_ON_OTHERS.includes(name)),
  'attributename',
];
/** No film or sound can be loaded: the player would try to play it all the same, at each seek. */
const OF_MEDIA = /^(autoplay|rr_media\w*)$/i;
/** Of no node: rrweb counts from 1. */
const NO_NODE = -1;
/** What no event can name: JSON has no such number. */
const NO_NUMBER = NaN;
/** Stands for the tag of a number that was given to elements of different kinds. */
const SEVERAL = '';
/** These are drawn as boxes: nothing of them could be shown, and no later change can wake them. */
const DRAWN_AS_BOX = new Set(['base', 'fencedframe', 'portal']);

/** The recording holds a page that is not drawn. The message says why. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * Sanitizes events, in place, before rrweb's player sees them: no script, no handler, nothing that navigates or
 * connects. One for each recording, since later events speak of nodes by their number.
 *
 * Which element rrweb has under a number depends on what it could apply, and when. So nothing here does: a number means
 * the one kind of element that it was given to since the last whole page. If it was given to several, nothing may be set
 * by it that any element may not have, and it makes no frame.
 *
 * It is the second of three: the frame is sandboxed without scripts, and the site's policy lets nothing be loaded
 * from elsewhere.
 *
 * @param maxNodes what is larger is not drawn
 */
export function createSanitizer(maxNodes = MAX_NODES): (event: unknown) => void {
  /** Numbers since the last whole page, and the tag of what they were given to, or `SEVERAL`. */
  let meant = new Map<number, string>();
  let newestMs = 0;
  /** Whether the player will apply the event at hand before events that came before it. */
  let isLate = false;

  function node(root: Json): void {
    const waiting: [Json, number][] = [[root, 0]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [one, depth] = next;
      if (!isNumber(one['id'])) one['id'] = NO_NUMBER; // rrweb gives its own nodes numbers below 0
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
    const isAlone = mean(one['id'] as number, tag) && !isLate;
    if (!TAG_NAME.test(tag) || given in {} || DRAWN_AS_BOX.has(tag) || (LOADS_DOCUMENT.test(tag) && !isAlone)) {
      one['tagName'] = 'unknown-element';
    }
    if (one['isCustom'] === true && !/^[a-z][a-z0-9]*-[a-z0-9-]*$/.test(given)) one['isCustom'] = false;
    const attributes = isObject(one['attributes']) ? one['attributes'] : {};
    one['attributes'] = attributes;
    for (const [name, value] of Object.entries(attributes)) {
      if (isDangerous(name, value) || OF_MEDIA.test(name)) delete attributes[name];
    }
    take(attributes, TAKEN_FROM.get(tag) ?? []);
    if (ANIMATES.test(tag)) take(attributes, isOfAddress(attributes) ? ['attributename'] : []);
    if (tag === 'script' || tag.endsWith(':script')) {
      one['tagName'] = 'noscript';
      one['childNodes'] = [];
    }
  }

  /** Whether the number has meant nothing else. */
  function mean(id: number, tag: string): boolean {
    const known = meant.get(id) ?? tag;
    meant.set(id, known === tag ? tag : SEVERAL);
    return known === tag;
  }

  function attributeChange(change: Json): void {
    const { id, attributes } = change;
    if (!isObject(attributes)) {
      change['attributes'] = {};
      return;
    }
    const tag = isLate ? SEVERAL : (meant.get(id as number) ?? SEVERAL);
    take(attributes, tag === SEVERAL ? SET_ON_OTHERS : (TAKEN_FROM.get(tag) ?? []));
    take(attributes, NEVER_SET);
    for (const [name, value] of Object.entries(attributes)) {
      const isStyle = name === 'style' && isObject(value); // its properties, each by itself
      if (OF_MEDIA.test(name) || (!isStyle && isDangerous(name, value))) delete attributes[name];
    }
  }

  return (event) => {
    if (!isObject(event) || !isObject(event['data'])) return;
    const { type, data } = event;
    const isMutation = type === INCREMENTAL && data['source'] === MUTATION;
    if (isMutation) data['adds'] = (data['adds'] as unknown[]).filter((add) => isObject(add) && isObject(add['node']));
    const roots = isMutation ? (data['adds'] as { node: Json }[]).map((add) => add.node) : [];
    if (type === FULL_SNAPSHOT) roots.push(data['node'] as Json);
    refuseMoreThan(maxNodes, roots); // before it counts for anything: the player will not see it
    const timestamp = Number(event['timestamp']);
    isLate = timestamp < newestMs;
    newestMs = Math.max(newestMs, timestamp);
    if (type === FULL_SNAPSHOT && !isLate) meant = new Map();
    for (const root of roots) node(root);
    if (isMutation) {
      data['attributes'] = (data['attributes'] as unknown[]).filter(isObject);
      for (const change of data['attributes'] as Json[]) attributeChange(change);
    }
    if (type !== INCREMENTAL) return;
    if (data['source'] === MEDIA_INTERACTION) data['id'] = NO_NODE;
    if (data['source'] === CANVAS_MUTATION && !Array.isArray(data['commands'])) data['commands'] = [];
  };
}

/** @throws {TooLargeError} there are more nodes in them, however deep */
function refuseMoreThan(maxNodes: number, roots: readonly Json[]): void {
  const waiting: unknown[] = [...roots];
  for (let count = 0; waiting.length > 0; count++) {
    if (count >= maxNodes) throw new TooLargeError(`a page of more than ${maxNodes} nodes is not drawn`);
    const one = waiting.pop();
    if (!isObject(one) || !Array.isArray(one['childNodes'])) continue;
    for (const child of one['childNodes']) waiting.push(child);
  }
}

function isNumber(id: unknown): boolean {
  return Number.isSafeInteger(id) && (id as number) > 0;
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

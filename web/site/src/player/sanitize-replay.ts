import { keepDeviceWidths } from './corrections/device-widths';
import { readMasksOfRules, readMasksOfSheet } from './corrections/mask-composites';
import { findOwnFragments } from './corrections/own-fragments';
import {
  CANVAS_MUTATION,
  FULL_SNAPSHOT,
  INCREMENTAL,
  type Json,
  MEDIA_INTERACTION,
  MUTATION,
  isObject,
} from './event';
import { type AbsentResources, isStyleSheet, originOf } from './absent-resources';
import { isAskedFor, setAside } from './replaced-states';

/** Protects the tab: more than this many elements and texts in one event are not drawn. */
export const MAX_NODES = 250_000;
/** Protects the stack: rrweb's player builds a page by recursion. */
export const MAX_DEPTH = 500;

const ELEMENT = 2;
const TEXT = 3;
const CDATA = 4;
const SCRIPT_URL = /^(javascript|vbscript|livescript):/i;
const ANIMATES = /^(animate\w*|set)$/;
/** Elements whose `src` loads a document. */
const LOADS_DOCUMENT = /^(i?frame|embed)$/;
/** With letters of any language, as names of custom elements may have. */
const TAG_NAME = /^[a-z][\w.:\u00b7\u00c0-\u{10ffff}-]*$/iu;
/** Attributes that make requests or navigate, by tag. The sandbox of the frame forbids more, independently. */
const REMOVED_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    a: ['ping', 'target', 'download'],
    area: ['ping', 'target', 'download'],
    base: ['href', 'target'],
    button: ['formaction'],
    embed: ['src', 'type'],
    form: ['action', 'target'],
    frame: ['src'],
    fencedframe: ['src', 'config'],
    iframe: ['src', 'srcdoc', 'name', 'allow', 'sandbox', 'csp'],
    input: ['formaction'],
    link: ['href', 'imagesrcset', 'rel'],
    meta: ['http-equiv', 'content'],
    object: ['data', 'codebase', 'archive', 'type'],
    portal: ['src'],
    script: ['src', 'href', 'xlink:href'],
  }),
);
/** The only ones of those that an attribute change may set: images have them, too. */
const SET_ON_OTHERS: readonly string[] = ['src', 'href', 'xlink:href', 'name', 'type'];
/** Never set by an attribute change, on any element. */
const NEVER_SET: readonly string[] = [
  ...[...REMOVED_ATTRIBUTES.values()].flat().filter((name) => !SET_ON_OTHERS.includes(name)),
  'attributename',
];
/** On no element: they say what goes along with a request, or make one. */
const OF_REQUESTS = /^(?:crossorigin|referrerpolicy|integrity|attributionsrc|browsingtopics|sharedstoragewritable)$/i;
/** Of all that a page says in `meta`, this alone is seen. */
const COLOR_SCHEME = /^color-scheme$/i;
const WORDS = /^[a-z ]{1,40}$/i;
/** Video and audio cannot be loaded, but rrweb would try to play them at each seek. */
const OF_MEDIA = /^(autoplay|rr_media\w*)$/i;
/** The id of no node: rrweb counts from 1. */
const NO_NODE = -1;
/** An id that no event can name: JSON has no such number. */
const NO_NUMBER = NaN;
/** Stands for the tag of an id that was given to elements of different kinds. */
const SEVERAL = '';
/** Drawn as boxes: their content cannot be shown, and no later change may activate them. */
const DRAWN_AS_BOX = new Set(['base', 'fencedframe', 'portal']);

/** An event is too large to be drawn. The message gives the limit. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * Returns a function that sanitizes events in place, before rrweb sees them: it removes scripts, handlers, and
 * everything that navigates or connects. Each recording needs its own, since later events name nodes by id.
 *
 * Which element rrweb has under an id depends on what it could apply, and when, so nothing here relies on that. An id
 * stands for the one kind of element that it was given to since the last full snapshot. If it was given to several
 * kinds, only attributes that every element may have can be set by it, and it never becomes a frame.
 *
 * This is the second of three protections: the frame is sandboxed without scripts, and the site's policy forbids
 * loading anything from elsewhere.
 *
 * @param maxNodes larger events are not drawn
 * @param resources is told of each picture, font and style sheet
 * @param loaded origins from which style sheets are loaded; the policy of their frame allows no other
 */
export function createSanitizer(maxNodes = MAX_NODES, resources?: AbsentResources, loaded: ReadonlySet<string> = new Set()): (event: unknown) => void {
  /** The tag that each id was given to since the last full snapshot, or `SEVERAL`. */
  let tags = new Map<number, string>();
  let newestMs = 0;
  /** Whether the current event will be applied before events that arrived earlier. */
  let isLate = false;

  function node(root: Json): void {
    const waiting: [Json, number][] = [[root, 0]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [one, depth] = next;
      if (!isNumber(one['id'])) one['id'] = NO_NUMBER; // rrweb gives its own nodes ids below 0
      if (one['type'] === ELEMENT) element(one);
      if (one['type'] === CDATA) one['type'] = TEXT; // no document of HTML may have it, and the whole page would not be built
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
    const isAlone = noteTag(one['id'] as number, tag) && !isLate;
    if (!TAG_NAME.test(tag) || given in {} || DRAWN_AS_BOX.has(tag) || (LOADS_DOCUMENT.test(tag) && !isAlone)) {
      one['tagName'] = 'unknown-element';
    }
    if (one['isCustom'] === true && !/^[a-z][a-z0-9]*-[a-z0-9-]*$/.test(given)) one['isCustom'] = false;
    const attributes = isObject(one['attributes']) ? one['attributes'] : {};
    one['attributes'] = attributes;
    resources?.element(tag, attributes);
    const { href } = attributes;
    const isLoaded = isStyleSheet(tag, attributes) && loaded.has(originOf(href as string));
    findOwnFragments(attributes);
    const { name, content } = attributes;
    removeDangers(attributes);
    readMasksOfSheet(attributes);
    keepDeviceWidths(attributes);
    removeAttributes(attributes, REMOVED_ATTRIBUTES.get(tag) ?? []);
    putAside(attributes, 'src', attributes['rr_src']); // of a frame from elsewhere
    if (isLoaded) Object.assign(attributes, { rel: 'stylesheet', href });
    if (tag === 'meta' && COLOR_SCHEME.test(String(name)) && WORDS.test(String(content))) attributes['content'] = content;
    if (ANIMATES.test(tag)) removeAttributes(attributes, animatesAddress(attributes) ? ['attributename'] : []);
    if (tag === 'script' || tag.endsWith(':script')) {
      Object.assign(one, { tagName: 'noscript', childNodes: [], namespace: 'script' }); // `createElementKinds` gives it its name
    }
  }

  /** Notes the tag of an id; returns whether the id was given to no other tag. */
  function noteTag(id: number, tag: string): boolean {
    const known = tags.get(id) ?? tag;
    tags.set(id, known === tag ? tag : SEVERAL);
    return known === tag;
  }

  function attributeChange(change: Json): void {
    const { id, attributes } = change;
    if (!isObject(attributes)) {
      change['attributes'] = {};
      return;
    }
    const tag = isLate ? SEVERAL : (tags.get(id as number) ?? SEVERAL);
    if (tag === 'progress' && attributes['value'] === '') attributes['value'] = null; // rrweb's text for no value: it is indeterminate
    resources?.element(tag, attributes);
    readMasksOfSheet(attributes);
    keepDeviceWidths(attributes);
    removeAttributes(attributes, tag === SEVERAL ? SET_ON_OTHERS : (REMOVED_ATTRIBUTES.get(tag) ?? []));
    removeAttributes(attributes, NEVER_SET);
    putAside(attributes, 'src', attributes['rr_src']);
    findOwnFragments(attributes);
    for (const name of ['href', 'type', 'src', 'srcset']) if (name in attributes) attributes[setAside(name)] = null; // it has this one instead
    removeDangers(attributes);
  }

  return (event) => {
    if (!isObject(event) || !isObject(event['data'])) return;
    const { type, data } = event;
    const isMutation = type === INCREMENTAL && data['source'] === MUTATION;
    if (isMutation) data['adds'] = (data['adds'] as unknown[]).filter((add) => isObject(add) && isObject(add['node']));
    const roots = isMutation ? (data['adds'] as { node: Json }[]).map((add) => add.node) : [];
    if (type === FULL_SNAPSHOT) roots.push(data['node'] as Json);
    checkNodeCount(maxNodes, roots); // first, since a refused event must not change any state
    const timestamp = Number(event['timestamp']);
    isLate = timestamp < newestMs;
    newestMs = Math.max(newestMs, timestamp);
    if (type === FULL_SNAPSHOT && !isLate) tags = new Map();
    for (const root of roots) node(root);
    resources?.event({ type, data });
    if (isMutation) {
      data['attributes'] = (data['attributes'] as unknown[]).filter(isObject);
      for (const change of data['attributes'] as Json[]) attributeChange(change);
    }
    if (type !== INCREMENTAL) return;
    readMasksOfRules(data);
    if (data['source'] === MEDIA_INTERACTION) data['id'] = NO_NODE;
    if (data['source'] === CANVAS_MUTATION && !Array.isArray(data['commands'])) data['commands'] = [];
  };
}

/** @throws {TooLargeError} they have more nodes together, at any depth */
function checkNodeCount(maxNodes: number, roots: readonly Json[]): void {
  const waiting: unknown[] = [...roots];
  for (let count = 0; waiting.length > 0; count++) {
    if (count >= maxNodes) throw new TooLargeError(`an event of more than ${maxNodes} nodes is not drawn`);
    const one = waiting.pop();
    if (!isObject(one) || !Array.isArray(one['childNodes'])) continue;
    for (const child of one['childNodes']) waiting.push(child);
  }
}

function isNumber(id: unknown): boolean {
  return Number.isSafeInteger(id) && (id as number) > 0;
}

/** Removes attributes that would run a script, make a request or play, wherever they stand. */
function removeDangers(attributes: Json): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style' && isObject(value)) continue; // a change: one entry for each property
    const isHandler = /^on/i.test(name);
    if (isHandler) putAside(attributes, name.toLowerCase(), value === null ? null : '');
    if (!OF_MEDIA.test(name) && !OF_REQUESTS.test(name) && !isDangerous(name, value)) continue;
    if (!isHandler) putAside(attributes, name.toLowerCase(), value);
    if (name === 'href' && typeof value === 'string') attributes[name] = '#'; // it looks like a link
    else delete attributes[name];
  }
}

/** Removes these attributes, in upper or lower case. */
function removeAttributes(attributes: Json, names: readonly string[]): void {
  for (const own of Object.keys(attributes)) {
    const name = own.toLowerCase();
    if (!names.includes(name)) continue;
    putAside(attributes, name, attributes[own]);
    delete attributes[own];
  }
}

/** Leave an attribute for which style rules ask where it does nothing else. */
function putAside(attributes: Json, name: string, value: unknown): void {
  if (isAskedFor(name) && (typeof value === 'string' || value === true || value === null)) attributes[setAside(name)] = value;
}

/** Whether an animation changes a link's address. */
function animatesAddress(attributes: Json): boolean {
  return Object.entries(attributes).some(
    ([name, value]) => name.toLowerCase() === 'attributename' && /^\s*(xlink:)?href\s*$/i.test(String(value)),
  );
}

function isDangerous(name: string, value: unknown): boolean {
  const isEmpty = value === '' || value === true || value === null; // as of an attribute of the page's own, such as `online`
  if ((/^_?on./i.test(name) && !isEmpty) || !/^[^\s"'<>/=\0]+$/.test(name)) return true;
  if (isObject(value) || Array.isArray(value)) return true; // rrweb would turn it into a text that was never checked
  // A browser ignores blanks and control characters before and within a URL's scheme.
  // eslint-disable-next-line no-control-regex
  return typeof value === 'string' && SCRIPT_URL.test(value.slice(0, 200).replace(/[\u0000-\u0020]/g, ''));
}

import type { Replayer } from '@rrweb/replay';
import { INCREMENTAL, type Json, MUTATION, isObject } from '../event';
import type { Correction } from './correction';

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';
const MATHML = 'http://www.w3.org/1998/Math/MathML';
/** By what the recorder says of a node; it does not tell the name of any other. */
const NAMESPACES: ReadonlyMap<unknown, string> = new Map([['html', HTML], ['svg', SVG], ['math', MATHML], ['other', 'urn:other']]);
const ATTRIBUTE_NAMESPACES: Readonly<Record<string, string>> = {
  xlink: 'http://www.w3.org/1999/xlink',
  xml: 'http://www.w3.org/XML/1998/namespace',
};
const PREFIXED = /^(xlink|xml):[\w-]+$/;
/** Elements of MathML, https://www.w3.org/TR/mathml-core/ and, of MathML 3, those that browsers know. */
const OF_MATHML = new RegExp(
  '^(?:annotation(?:-xml)?|maction|maligngroup|malignmark|math|menclose|merror|mfenced|mfrac|mglyph|mi|mmultiscripts|mn|mo|mover|' +
    'mpadded|mphantom|mprescripts|mroot|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|munderover|none|semantics)$',
);

/**
 * Puts elements and attributes into the namespaces that they had, and gives scripts their name back, in a namespace in which
 * they do nothing: rules count them, and ask for what follows one.
 *
 * rrweb 2.1.6 knows HTML and SVG, the latter only as far as it has each name in a list, and `xlink:href` of attributes. No
 * issue names it yet. Right would be to record namespace and qualified name of whatever is not HTML, and to build by
 * `createElementNS` and `setAttributeNS`. Our recorder says what rrweb does not; MathML that another one recorded is known
 * by its names.
 *
 * browser/rebuilt.test.ts says when this can go.
 */
export function createElementKinds(): Correction {
  /** Ids of elements that may have to be corrected when rrweb has applied an event. */
  const waiting = new Set<number>();

  function show(replayer: Replayer): void {
    for (const id of waiting) {
      const node = replayer.getMirror().getNode(id);
      if (node?.nodeType === 1) correct(node as Element, replayer);
    }
    waiting.clear();
  }

  return {
    show,
    onBuild(node, { id, replayer }) {
      const meta = metaOf(node, replayer);
      if (node.nodeType === 1 && meta && mayDiffer(meta)) waiting.add(id);
    },
    handler(event, isSync, { replayer }) {
      const { data } = event as unknown as { data: Json };
      if ((event.type as number) === INCREMENTAL && data['source'] === MUTATION) {
        for (const { id, attributes } of data['attributes'] as { id: number; attributes: object }[]) {
          if (Object.keys(attributes).some((name) => PREFIXED.test(name))) waiting.add(id);
        }
      }
      if (!isSync && waiting.size > 0) show(replayer);
    },
  };
}

function mayDiffer({ tagName, namespace, isSVG, attributes }: Json): boolean {
  if (namespace !== undefined || OF_MATHML.test(String(tagName))) return true;
  return isSVG === true && isObject(attributes) && Object.keys(attributes).some((name) => PREFIXED.test(name));
}

/** Corrects what an element of MathML lies in first, since that tells of which kind it is. */
function correct(element: Element, replayer: Replayer): void {
  const path = [element];
  for (let parent = element.parentElement; parent && isHtmlByMistake(parent, replayer); parent = parent.parentElement) path.push(parent);
  for (const one of path.reverse()) {
    const meta = metaOf(one, replayer);
    if (meta) setAttributes(replaced(one, meta, replayer));
  }
}

function isHtmlByMistake(element: Element, replayer: Replayer): boolean {
  return element.namespaceURI === HTML && OF_MATHML.test(String(metaOf(element, replayer)?.['tagName']));
}

function metaOf(node: Node, replayer: Replayer): Json | null {
  return replayer.getMirror().getMeta(node as never) as unknown as Json | null;
}

/** The element of the right kind that has taken the place of this one, or this one. */
function replaced(element: Element, meta: Json, replayer: Replayer): Element {
  const [namespace, name] = kindOf(element, meta);
  if (namespace === element.namespaceURI && name === element.localName) return element;
  const made = element.ownerDocument.createElementNS(namespace, name) as MathMLElement;
  for (const attribute of [...element.attributes]) made.setAttributeNode(element.removeAttributeNode(attribute));
  while (element.firstChild) made.append(element.firstChild);
  if (name === 'script') made.style.display = 'none';
  element.replaceWith(made);
  replayer.getMirror().add(made as never, meta as never);
  return made;
}

/** Nothing but the case of its letters may make its name another than the one that was sanitized. */
function kindOf({ namespaceURI, localName, parentElement }: Element, { tagName, namespace, qualifiedName, isSVG }: Json): [string | null, string] {
  const tag = String(tagName);
  if (namespace === 'script' && tag === 'noscript') return [MATHML, 'script']; // as `sanitize-replay.ts` says
  const told = NAMESPACES.get(namespace);
  const isTold = typeof qualifiedName === 'string' && /^[a-z]\w*$/i.test(qualifiedName) && qualifiedName.toLowerCase() === tag.toLowerCase();
  const name = isTold ? qualifiedName : localName;
  if (told === HTML) return isTold && name !== name.toLowerCase() ? [HTML, name] : [namespaceURI, localName];
  if (told) return [told, name];
  const isMath = isSVG !== true && OF_MATHML.test(tag) && (tag === 'math' || parentElement?.namespaceURI === MATHML);
  return [isMath ? MATHML : namespaceURI, localName];
}

function setAttributes(element: Element): void {
  if (element.namespaceURI === HTML) return;
  for (const { name, value, namespaceURI } of [...element.attributes]) {
    const prefix = PREFIXED.exec(name)?.[1];
    if (!prefix || namespaceURI) continue;
    element.removeAttribute(name);
    element.setAttributeNS(ATTRIBUTE_NAMESPACES[prefix]!, name, value);
  }
}

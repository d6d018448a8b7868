/**
 * What a node is beyond what rrweb 2.1.6 tells of it: its namespace, its name as it is written, and the text of a CDATA
 * section. The player builds by it; rrweb's own player passes over it.
 *
 * No issue of rrweb names it yet. Right would be to record namespace and qualified name of whatever is not HTML, the text of
 * CDATA, and attributes by their qualified names.
 *
 * web/site/browser/rebuilt.test.ts says when this can go.
 */
import type { serializedNodeWithId } from '@rrweb/types';
import type { Attributes } from '../kept-attributes';
import { attributeOf } from '../place';

type ElementNode = Extract<serializedNodeWithId, { tagName: string }> & {
  /** `other` for any that is not named here: an address may say what the page is about. */
  namespace?: 'html' | 'svg' | 'math' | 'other';
  /** Where it is not the tag name. */
  qualifiedName?: string;
};

const CDATA = 4;
const MATHML = 'http://www.w3.org/1998/Math/MathML';
const NAMESPACES: Readonly<Record<string, ElementNode['namespace']>> = {
  'http://www.w3.org/1999/xhtml': 'html',
  'http://www.w3.org/2000/svg': 'svg',
  [MATHML]: 'math',
};
/** By the local name, which is all that rrweb has of such an attribute when it changes. */
const QUALIFIED: Readonly<Record<string, string>> = { href: 'xlink:href', lang: 'xml:lang', space: 'xml:space' };

/** Whether there is MathML in the page: elements of HTML may lie in it. */
let hasMath = false;

export function noteElementKind(node: ElementNode, element: Element): void {
  const { tagName } = node;
  const { namespaceURI, localName } = element;
  if (tagName === 'form') return; // its fields may have these names
  const namespace = NAMESPACES[namespaceURI ?? ''] ?? 'other';
  const isHtml = namespace === 'html';
  hasMath ||= namespace === 'math';
  // rrweb writes `div` for a name with other letters than it knows
  if (isHtml && tagName === 'div' && /^[a-z]\S*$/.test(localName) && localName === localName.toLowerCase()) node.tagName = localName;
  const isInMath = localName === 'math' || (hasMath && (element.parentNode as Element | null)?.namespaceURI === MATHML);
  const isOther = node.tagName !== localName;
  if (isOther || (isHtml ? isInMath : namespace !== 'svg' || !node.isSVG)) node.namespace = namespace;
  if (isOther) node.qualifiedName = localName;
}

/** Where rrweb says that an attribute of this local name is gone, an attribute with a namespace may have changed. */
export function noteNamespaces(attributes: Attributes, element: Element): void {
  for (const [name, value] of Object.entries(attributes)) {
    const qualified = value === null && element.namespaceURI !== 'http://www.w3.org/1999/xhtml' && QUALIFIED[name];
    if (qualified) attributes[qualified] = attributeOf(element, qualified);
  }
}

export function textOfCdata(node: serializedNodeWithId, live: Node | null): void {
  if (node.type !== CDATA || !live) return;
  const isCode = /^(?:.*:)?(?:style|script)$/i.test(live.parentNode?.nodeName ?? '');
  Object.assign(node, { type: 3, textContent: isCode ? '' : live.nodeValue });
}

/**
 * What the build puts in place of functions of rrweb 2.1.6, by their names: `../rrweb-parts.mjs`.
 *
 * Of each node rrweb asks for its parent, siblings and children, by accessors that it looks up by name each time, and that it
 * takes from frames, which it adds to each page. That is a sixth of its work where a page renders a list. Right would be
 * that its `index` has one function for each accessor, made once.
 */
import { observeOnce, onceIframeLoaded, takeGone } from './corrections/framed-documents';
import { endTree, stopsOf, withBuffer } from './corrections/observed-trees';
import { isLoaded } from './corrections/replaced-document';
import { calls, closedTrees } from './native-functions';
import { hasClassLike } from './place';

export { calls, isLoaded, observeOnce, onceIframeLoaded, stopsOf, withBuffer };

type Reader<T> = (node: Node) => T;

const ELEMENT = 1;

export const { firstChild, getRootNode, lastChild, nextSibling, ownerDocument, parentElement, parentNode, previousSibling, textContent } = calls as Record<string, Reader<Node | null>>;

/** As an array, which takes a quarter of the time of a live list, of which most nodes have an empty one. */
export function childNodes(node: Node): Node[] {
  const nodes: Node[] = [];
  for (let child = firstChild!(node); child; child = nextSibling!(child)) nodes.push(child);
  return nodes;
}

export const contains = calls['contains'] as (node: Node, other: Node | null) => boolean;

/** Links have a property with this name, too. */
export const host = (node: Node | null): Element | null => (node && 'host' in node ? (calls['host'] as Reader<Element>)(node) : null);

/** Also one that is closed. */
export const shadowRoot = (node: Node | null): ShadowRoot | null =>
  node?.nodeType === ELEMENT ? ((calls['shadowRoot'] as Reader<ShadowRoot | null>)(node) ?? closedTrees.get(node as Element) ?? null) : null;

/** @param selector of all blocked elements, also by the class, unless that is an expression: `place.ts` */
export function isBlocked(node: Node | null, name: string | RegExp, selector: string, alsoWithin: boolean): boolean {
  const element = (node && (node.nodeType === ELEMENT ? node : parentElement!(node))) as Element | null;
  if (!element) return false;
  for (let at: Element | null = typeof name === 'string' ? null : element; at; at = alsoWithin ? at.parentElement : null) if (hasClassLike(at, name)) return true;
  return alsoWithin ? !!element.closest(selector) : element.matches(selector);
}

export const _isBlockedElement = (element: Element, name: string | RegExp, selector: string): boolean => isBlocked(element, name, selector, false);

/** `sanitize-recording.ts` masks texts. */
export const needMaskingText = (): boolean => false;

/** What is below a node, as rrweb forgets it: also its shadow tree or document, unless it has only moved. */
export function nodesToForget(node: Node): Node[] {
  const nodes = childNodes(node);
  if (node.nodeName === 'IFRAME') nodes.push(...takeGone());
  const tree = node.isConnected ? null : shadowRoot(node);
  if (!tree) return nodes;
  endTree(tree);
  return [...nodes, ...childNodes(tree)];
}

/** `corrections/canvas-pictures.ts` records what a canvas shows. rrweb's own manager comes with a worker as a blob. */
export class CanvasManager {
  freeze(): void {}
  unfreeze(): void {}
  lock(): void {}
  unlock(): void {}
  reset(): void {}
}

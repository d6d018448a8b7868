/** A part of the build: it lets rrweb use the functions of `src/rrweb-parts.ts` in place of its own with these names. */
import { fileURLToPath } from 'node:url';

const PARTS = fileURLToPath(new URL('src/rrweb-parts.ts', import.meta.url));
const RRWEB = /\/@rrweb\/record\/dist\/record\.js$/;

const REPLACED = new Set([
  'childNodes', 'contains', 'firstChild', 'getRootNode', 'host', 'lastChild', 'nextSibling', 'ownerDocument', 'parentElement', 'parentNode',
  'previousSibling', 'shadowRoot', 'textContent', 'needMaskingText', 'isBlocked', '_isBlockedElement', 'onceIframeLoaded', 'CanvasManager',
]);
/** The source of a worker as a blob, which `CanvasManager` alone uses. Nothing replaces it. */
const UNUSED = 'blob';
/** Within functions that stay. */
const STATEMENTS = /** @type {const} */ ([
  // Of the method that forgets a node with all below it.
  ['if (n.childNodes) {', 'if (n.nodeType !== n.TEXT_NODE) {'],
  ['n.childNodes.forEach(', 'nodesToForget(n).forEach('],
  // An object that has lost a property is slow to read and to write, and JSON leaves this out.
  ['delete serializedNode.needBlock;', 'serializedNode.needBlock = undefined;'],
  // Most nodes are no shadow roots, and what a node has not is looked for in all its prototypes.
  ['n && "host" in n && "mode" in n', 'n && n.nodeType === n.DOCUMENT_FRAGMENT_NODE && "mode" in n'],
  // A text has nothing below it.
  ['if (!isBlocked(n, this.blockClass,', 'if (n.nodeType !== n.TEXT_NODE && !isBlocked(n, this.blockClass,'],
  // Each custom element has a hyphen in its name.
  ['if (customElements.get(tagName))', "if (tagName.includes('-') && customElements.get(tagName))"],
  // A form has its fields as properties.
  ['element instanceof HTMLFormElement', 'false'],
  ['toLowerCase(element.tagName)', 'toLowerCase(ownCalls.tagName(element))'],
  ['toLowerCase(target.tagName)', 'toLowerCase(ownCalls.tagName(target))'],
  ['const len = n.attributes.length;', 'const own = ownCalls.attributes(n), len = own.length;'],
  ['n.attributes[i]', 'own[i]'],
  ['if (n.scrollLeft) {', 'if (ownCalls.scrollLeft(n)) {'],
  ['rr_scrollLeft = n.scrollLeft', 'rr_scrollLeft = ownCalls.scrollLeft(n)'],
  ['if (n.scrollTop) {', 'if (ownCalls.scrollTop(n)) {'],
  ['rr_scrollTop = n.scrollTop', 'rr_scrollTop = ownCalls.scrollTop(n)'],
  ['x: target.scrollLeft', 'x: ownCalls.scrollLeft(target)'],
  ['y: target.scrollTop', 'y: ownCalls.scrollTop(target)'],
  // A page may have frozen what rrweb hooks. An exception would end the start of all that comes after this.
  ['source[name] = original;', 'Reflect.set(source, name, original);'],
  ['win.Object.defineProperty(', 'Reflect.defineProperty('],
  ['\n  Object.defineProperty(host2, "adoptedStyleSheets", {', '\n  Reflect.defineProperty(host2, "adoptedStyleSheets", {'],
  ['    Object.defineProperty(host2, "adoptedStyleSheets", {', '    Reflect.defineProperty(host2, "adoptedStyleSheets", {'],
  // What a frame shows that comes later has shadow trees, too, and these are not the frame's. No issue names it; right would be
  // `currentN` in both lines, and web/site/browser/rebuilt.test.ts says when this can go.
  ['            if (hasShadowRoot(n)) {\n              this.', '            if (hasShadowRoot(currentN)) {\n              this.'],
  ['                index.shadowRoot(n),\n', '                index.shadowRoot(currentN),\n'],
  // A node that has moved into a new element is left out if what is around that has moved, too, as in an editor's lines.
  // https://github.com/rrweb-io/rrweb/issues/850 may be the same; web/site/browser/moved-texts.test.ts says when this can go.
  ['!this.movedSet.has(parentNode22))', '!this.movedSet.has(parentNode22) && !this.addedSet.has(parentNode22))'],
  // A sheet that has lost its last rule is not as its element is written. No issue names it; web/site/browser/rebuilt.test.ts
  // says when this can go.
  ['if (cssText) {\n      delete attributes.rel;', 'if (cssText !== null) {\n      delete attributes.rel;'],
  ['if (cssText) {\n      if (n.childNodes.length > 1) {', 'if (cssText !== null) {\n      if (n.childNodes.length > 1) {'],
  // `corrections/replaced-document.ts` knows better.
  ['["interactive", "complete"].includes(document.readyState)', 'isLoaded()'],
  // `corrections/observed-trees.ts`: what observes a tree goes with it.
  ['return [observer, iframeCleanup];', 'return [withBuffer(observer, mutationBuffers, mutationBuffer), iframeCleanup];'],
  ['this.restoreHandlers.push(() => observer.disconnect());', 'const stops = stopsOf(shadowRoot2, this);\n    stops.push(() => observer.disconnect());'],
  ['this.restoreHandlers.push(\n      initScrollObserver({', 'stops.push(\n      initScrollObserver({'],
  ['this.restoreHandlers.push(\n        initAdoptedStyleSheetObserver(', 'stops.push(\n        initAdoptedStyleSheetObserver('],
  ['this.restoreHandlers.push(\n      patch(', 'stopsOf(doc, this).push(\n      patch('],
  // `corrections/framed-documents.ts`: one frame may end what rrweb does with its document, and not with all others.
  ['handlers.push(observe(iframeEl.contentDocument));', 'observeOnce(iframeEl.contentDocument, observe, handlers, mirror);'],
  ['    mutationBuffers.forEach((b) => b.reset());', '    if (o.doc === document) mutationBuffers.forEach((b) => b.reset());'],
  // An attribute with a namespace, such as `xlink:href`, is taken for unchanged if there was none: rrweb asks for it by its local
  // name, and finds nothing, as before. No issue names it; right would be `getAttributeNS`. `corrections/element-kinds.ts` reads
  // its value, and web/site/browser/rebuilt.test.ts says when this can go.
  ['false) || value === m.oldValue)', 'false) || (value === m.oldValue && !m.attributeNamespace))'],
]);

/** @typedef {{ start: number, end: number, id?: { name: string }, declarations?: { id: { name: string } }[] }} Declared */

/**
 * Throws if rrweb has one of them no longer.
 *
 * @type {import('vite').Plugin}
 */
export const rrwebParts = {
  name: 'rrweb-parts',
  enforce: 'pre',
  transform(code, id) {
    if (!RRWEB.test(id)) return null;
    const missing = new Set([...REPLACED, UNUSED]);
    let made = code;
    for (const node of /** @type {Declared[]} */ (/** @type {unknown} */ (this.parse(code).body))) {
      const name = (node.id ?? node.declarations?.[0]?.id)?.name;
      if (!name || !missing.delete(name)) continue;
      // Its lines stay, so that the source map needs none of its own.
      made = made.slice(0, node.start) + made.slice(node.start, node.end).replace(/[^\n]/g, ' ') + made.slice(node.end);
    }
    for (const [statement, better] of STATEMENTS) {
      if (made.split(statement).length !== 2) missing.add(statement);
      made = made.replace(statement, better);
    }
    if (missing.size) throw new Error(`rrweb has no longer: ${[...missing].join(', ')}`);
    return { code: `import { calls as ownCalls, isLoaded, nodesToForget, observeOnce, stopsOf, withBuffer, ${[...REPLACED].join(', ')} } from ${JSON.stringify(PARTS)};${made}`, map: null };
  },
};

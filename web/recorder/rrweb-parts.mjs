/** A part of the build: it lets rrweb use the functions of `src/rrweb-parts.ts` in place of its own with these names. */
import { fileURLToPath } from 'node:url';

const PARTS = fileURLToPath(new URL('src/rrweb-parts.ts', import.meta.url));
const RRWEB = /\/@rrweb\/record\/dist\/record\.js$/;

const REPLACED = new Set([
  'childNodes', 'contains', 'firstChild', 'getRootNode', 'host', 'lastChild', 'nextSibling', 'ownerDocument', 'parentElement', 'parentNode',
  'previousSibling', 'shadowRoot', 'textContent', 'needMaskingText', 'isBlocked', '_isBlockedElement', 'CanvasManager',
]);
/** The source of a worker as a blob, which `CanvasManager` alone uses. Nothing replaces it. */
const UNUSED = 'blob';
/**
 * The first two are of the method that forgets a node with all below it. By the third rrweb takes an attribute with a
 * namespace, such as `xlink:href`, for unchanged if there was none: it asks for it by its local name, and finds nothing, as
 * before. No issue names it; right would be `getAttributeNS`. `corrections/element-kinds.ts` reads its value, and
 * web/site/browser/rebuilt.test.ts says when this can go.
 */
const LISTS = /** @type {const} */ ([
  ['if (n.childNodes) {', 'if (n.firstChild) {'],
  ['n.childNodes.forEach(', 'childNodes(n).forEach('],
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
    for (const [list, better] of LISTS) {
      if (made.split(list).length !== 2) missing.add(list);
      made = made.replace(list, better);
    }
    if (missing.size) throw new Error(`rrweb has no longer: ${[...missing].join(', ')}`);
    return { code: `import { ${[...REPLACED].join(', ')} } from ${JSON.stringify(PARTS)};${made}`, map: null };
  },
};

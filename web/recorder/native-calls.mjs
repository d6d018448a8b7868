/** A part of the build: it lets all bundled code use `src/native-functions.ts` in place of what the page may have changed. */
import { fileURLToPath } from 'node:url';
import { GLOBALS, KEPT, METHODS, PROMISE_METHODS, READ, READ_BY_US, READ_OF_DOCUMENT } from './native-names.mjs';

export const MODULE = fileURLToPath(new URL('src/native-functions.ts', import.meta.url));
const NAMES = new Set([...Object.values(METHODS).flat(), ...PROMISE_METHODS]);
/** Types of nodes as they are written; a form may have a field of that name. */
const NODE_TYPES = new Map(Object.entries({ ELEMENT_NODE: 1, TEXT_NODE: 3, CDATA_SECTION_NODE: 4, COMMENT_NODE: 8, DOCUMENT_NODE: 9, DOCUMENT_TYPE_NODE: 10, DOCUMENT_FRAGMENT_NODE: 11 }));

const OURS = fileURLToPath(new URL('src/', import.meta.url));

/** For Rolldown: each global becomes an import of the module. */
export const NATIVE_GLOBALS = Object.fromEntries([...GLOBALS, ...KEPT].map((name) => [name, /** @type {[string, string]} */ ([MODULE, `${name}_`])]));

/** @typedef {{ type: string, start: number, end: number } & Record<string, any>} Node */

/**
 * A source map by lines: the edits keep each where it is, below one line more.
 *
 * @param {string} id
 * @param {string} code
 */
const linesAfterFirst = (id, code) => ({ version: 3, sources: [id], names: [], mappings: `;AAAA${';AACA'.repeat(code.split('\n').length - 1)}` });

/**
 * Turns `list.map(work)` into `calls.map(list, work)`, `node.parentNode` into `calls.parentNode(node)`, and `a.prototype.b = c` into
 * `Reflect.set(a.prototype, 'b', c)`.
 *
 * @type {import('vite').Plugin}
 */
export const nativeCalls = {
  name: 'native-calls',
  transform(code, id) {
    if (id === MODULE || !/\.m?[jt]s$/.test(id)) return null;
    /** @type {{ at: number, end: number, text: string }[]} */
    const edits = [];
    /** @type {Set<Node>} */
    const optional = new Set();
    visit(/** @type {any} */ (this.parse(code, { lang: id.endsWith('.ts') ? 'ts' : 'js' })));
    if (!edits.length) return null;
    let made = `import { calls as nativeCalls_ } from ${JSON.stringify(MODULE)};\n`;
    let end = 0;
    for (const edit of edits.sort((a, b) => a.at - b.at || a.end - b.end)) {
      made += code.slice(end, edit.at) + edit.text;
      end = edit.end;
    }
    return { code: made + code.slice(end), map: linesAfterFirst(id, code) };

    /** @param {Node} node */
    function visit(node) {
      // `a?.b.map(c)` ends where `a` is undefined, and stays as it is.
      if (node.type === 'ChainExpression') for (let one = node.expression; one; one = one.callee ?? one.object) optional.add(one);
      const { callee } = node;
      const name = callee?.property?.name;
      if (node.type === 'CallExpression' && callee.type === 'MemberExpression' && !callee.computed && NAMES.has(name) && !optional.has(node)) {
        const dot = code.lastIndexOf('.', callee.property.start);
        const open = code.indexOf('(', (node.typeArguments ?? callee.property).end);
        edits.push({ at: node.start, end: node.start, text: `nativeCalls_.${name}(` });
        edits.push({ at: dot, end: open + 1, text: node.arguments.length ? ', ' : '' });
      }
      const read = node.type === 'MemberExpression' && !node.computed && node.property.name;
      if (NODE_TYPES.has(read)) return void edits.push({ at: node.start, end: node.end, text: String(NODE_TYPES.get(read)) });
      const isRead = READ.includes(read) || (id.startsWith(OURS) && READ_BY_US.includes(read)) || (READ_OF_DOCUMENT.includes(read) && node.object.name === 'document');
      if (isRead && !optional.has(node)) {
        edits.push({ at: node.start, end: node.start, text: `nativeCalls_.${read}(` });
        edits.push({ at: code.lastIndexOf('.', node.property.start), end: node.end, text: ')' });
      }
      // rrweb's hooks: where a page has frozen a prototype, a module would get an exception.
      if (node.type === 'AssignmentExpression' && node.operator === '=' && !node.left.computed && node.left.object?.property?.name === 'prototype') {
        edits.push({ at: node.start, end: node.start, text: 'Reflect.set(' });
        edits.push({ at: node.left.object.end, end: code.indexOf('=', node.left.end) + 1, text: `, '${node.left.property.name}', ` });
        edits.push({ at: node.end, end: node.end, text: ')' });
      }
      for (const value of Object.values(node)) {
        if (Array.isArray(value)) for (const one of value) one?.type && visit(one);
        else if (value?.type) visit(value);
      }
    }
  },
};

/** What the built recorder takes from the browser instead of from the page: docs/adr/0040-the-browsers-own-functions.md. */

/** Global functions and classes. `Date` is not among them: a page that moves its clock moves the recording's too. */
export const GLOBALS = /** @type {const} */ ([
  'Array', 'JSON', 'Map', 'MutationObserver', 'Object', 'Promise', 'Proxy', 'Reflect', 'Set', 'WeakMap', 'WeakSet',
  'cancelAnimationFrame', 'clearInterval', 'clearTimeout', 'fetch', 'queueMicrotask', 'requestAnimationFrame', 'requestIdleCallback', 'setInterval', 'setTimeout',
]);

/** Those of which the methods of the objects count, too: 1 where they are copied. */
export const WHOLE = { Map: 1, Set: 1, WeakMap: 1, WeakSet: 1, MutationObserver: 0 };

/** What a browser that is new enough to record may lack, and what is no function. Of all others the page has taken what is missing. */
export const AS_FOUND = { CSS: 1, CompressionStream: 1, WeakRef: 1, requestIdleCallback: 1 };

/** Classes and namespaces as they are when the recorder is loaded: a script of the page may have a `class Node` of its own, which hides the browser's. */
export const KEPT = /** @type {const} */ (['CSS', 'CompressionStream', 'Element', 'Node', 'Response', 'TextEncoder', 'URL', 'WeakRef']);

/**
 * Methods of objects that belong to the page's realm, whatever made them: literals and nodes.
 *
 * `push` and its like are left out: they are called often, and no page gives them another meaning.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const METHODS = {
  Array: [
    'concat', 'entries', 'every', 'filter', 'find', 'findIndex', 'flatMap', 'forEach', 'includes', 'indexOf', 'join', 'map', 'reduce', 'reverse',
    'slice', 'some', 'sort',
  ],
  String: ['concat', 'endsWith', 'includes', 'indexOf', 'match', 'replace', 'slice', 'split', 'startsWith', 'trim'],
  Function: ['bind'],
  Document: ['createElement', 'getSelection', 'querySelectorAll'],
  DocumentFragment: ['querySelectorAll'],
  EventTarget: ['addEventListener', 'removeEventListener'],
  Element: ['closest', 'getAttribute', 'getBoundingClientRect', 'hasAttribute', 'matches', 'querySelectorAll', 'removeAttribute', 'setAttribute'],
};

/** Methods of promises. They are not looked up: `await` does their work. */
export const PROMISE_METHODS = ['then', 'catch', 'finally'];

/**
 * Members of nodes by their classes. rrweb asks for some in functions of its own: `src/rrweb-parts.ts`.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const NODE_MEMBERS = {
  Node: ['contains', 'firstChild', 'getRootNode', 'lastChild', 'nextSibling', 'nodeName', 'nodeType', 'ownerDocument', 'parentElement', 'parentNode', 'previousSibling', 'textContent'],
  ShadowRoot: ['host'],
  Element: ['assignedSlot', 'attributes', 'localName', 'scrollLeft', 'scrollTop', 'shadowRoot', 'tagName'],
  Document: ['activeElement', 'compatMode', 'currentScript', 'defaultView', 'documentElement', 'fonts', 'readyState', 'scrollingElement', 'styleSheets', 'title'],
};

/**
 * Those of them that are read of whatever has them. A form has its fields as properties, and a document what is named in it.
 * Not `visibilityState`: tests of pages give their document one of its own.
 */
export const READ = ['activeElement', 'compatMode', 'currentScript', 'defaultView', 'documentElement', 'fonts', 'nodeName', 'nodeType', 'readyState', 'scrollingElement', 'styleSheets'];
/** The same in our code, and not in rrweb's. */
export const READ_BY_US = ['assignedSlot', 'firstChild', 'localName', 'nextSibling', 'ownerDocument', 'parentElement', 'parentNode'];
/** Those that are read of `document`, and that other objects have, too. */
export const READ_OF_DOCUMENT = ['title'];

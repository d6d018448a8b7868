/** Runs in a page: what a document is made of and looks like, for comparing a recorded page with its replay. */

const NAMESPACES: Readonly<Record<string, string>> = {
  'http://www.w3.org/1999/xhtml': '',
  'http://www.w3.org/2000/svg': 'svg:',
  'http://www.w3.org/1998/Math/MathML': 'math:',
};
/** Attributes that rrweb's player and ours add or leave out, and attributes of states, which `statesOf` compares. */
const NOT_COMPARED = /^(?:value|selected|checked|media|rr_.*|rrweb-.*|data-store-.*|autocomplete|data-canvas|srcdoc|src|data|sandbox|xmlns|shadowrootmode|allowfullscreen)$/;

/** What is in them is not shown: rrweb writes rules as the browser has read them, and a text as it is by now. */
const SHOWS_NO_CHILDREN = /^(?:style|textarea|iframe)$/;
const SWITCH = /^(?:checkbox|radio)$/;

/** One line for each node: its namespace, name, attributes and states, then its box. Frames and shadow trees are nodes, too. */
export function treeOf(document: Document): string[] {
  return [`${document.compatMode}`, ...(document.body ? linesOf(document.body, '') : ['no body'])];
}

function linesOf(node: Node, indent: string): string[] {
  if (node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE) return /^\s*$/.test(node.nodeValue!) ? [] : [`${indent}"${node.nodeValue!.trim()}"`];
  if (node.nodeType === node.COMMENT_NODE) return [`${indent}<!--${node.nodeValue}-->`];
  if (node.nodeType !== node.ELEMENT_NODE) return [`${indent}node of type ${node.nodeType}`];
  const element = node as Element;
  if (/^(?:no)?script$/.test(element.localName)) return []; // neither is shown; a replay has the one in place of the other
  const { shadowRoot } = element;
  const isShownFrame = element.localName === 'iframe' && element.clientWidth > 0; // one without a box may keep the layout that it had
  const frame = isShownFrame ? (element as HTMLIFrameElement).contentDocument : null;
  return [
    `${indent}${startOf(element)} ${boxOf(element)}`,
    ...(shadowRoot ? [`${indent} #shadow`, ...childrenOf(shadowRoot, `${indent}  `)] : []),
    ...(frame?.body ? [`${indent} #document ${frame.compatMode}`, ...linesOf(frame.body, `${indent}  `)] : []),
    ...(SHOWS_NO_CHILDREN.test(element.localName) ? [] : childrenOf(element, `${indent} `)),
  ];
}

const childrenOf = (node: Node, indent: string): string[] => [...node.childNodes].flatMap((child) => linesOf(child, indent));

function startOf(element: Element): string {
  const { namespaceURI, localName } = element;
  const attributes = [...element.attributes].filter(({ name }) => !NOT_COMPARED.test(name)).map(attributeOf).sort();
  return [`${NAMESPACES[namespaceURI ?? ''] ?? 'other:'}${localName}`, ...attributes, ...statesOf(element), styleOf(element)].join(' ');
}

/** What no attribute says. */
function statesOf(element: Element): string[] {
  const states: string[] = [];
  if (element.localName === 'select') states.push(`selected=${[...(element as HTMLSelectElement).options].flatMap(({ selected }, n) => (selected ? [n] : [])).join()}`);
  else if (/^(?:input|textarea)$/.test(element.localName)) {
    const { value, type, checked, indeterminate } = element as HTMLInputElement;
    states.push(`value=${value}`, ...(SWITCH.test(type) ? [`checked=${checked}`, `indeterminate=${indeterminate}`] : []));
  }
  for (const state of [':modal', ':popover-open']) if (element.matches(state)) states.push(state);
  if (element.scrollTop || element.scrollLeft) states.push(`scrolled=${[element.scrollLeft, element.scrollTop].map(Math.round).join()}`);
  return states;
}

function styleOf(element: Element): string {
  const window = element.ownerDocument.defaultView!;
  const { color, backgroundColor, display, borderTopWidth, visibility, opacity } = window.getComputedStyle(element);
  return [color, backgroundColor, display, borderTopWidth, visibility, opacity, window.getComputedStyle(element, '::before').content].join('/').replaceAll(' ', '');
}

function attributeOf({ namespaceURI, name, value }: Attr): string {
  return `${namespaceURI ? `{${namespaceURI}}` : ''}${name}=${value}`;
}

function boxOf(element: Element): string {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height].map(Math.round).join();
}

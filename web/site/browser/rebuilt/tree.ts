/** Runs in a page: what a document is made of, for comparing a recorded page with its replay. */

const NAMESPACES: Readonly<Record<string, string>> = {
  'http://www.w3.org/1999/xhtml': '',
  'http://www.w3.org/2000/svg': 'svg:',
  'http://www.w3.org/1998/Math/MathML': 'math:',
};
/** Attributes that rrweb's player and ours add, and those that no replay may have. */
const NOT_COMPARED = /^(?:rr_.*|rrweb-.*|data-store-.*|autocomplete|data-canvas|srcdoc|src|data|sandbox|xmlns|shadowrootmode|allowfullscreen)$/;

/** One line for each node: its namespace, name and attributes, then its box. Frames and shadow trees are nodes, too. */
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
  const frame = element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument : null;
  return [
    `${indent}${startOf(element)} ${boxOf(element)}`,
    ...(shadowRoot ? [`${indent} #shadow`, ...childrenOf(shadowRoot, `${indent}  `)] : []),
    ...(frame?.body ? [`${indent} #document ${frame.compatMode}`, ...linesOf(frame.body, `${indent}  `)] : []),
    ...(element.localName === 'style' ? [] : childrenOf(element, `${indent} `)), // rrweb writes it as the browser has read it
  ];
}

const childrenOf = (node: Node, indent: string): string[] => [...node.childNodes].flatMap((child) => linesOf(child, indent));

function startOf(element: Element): string {
  const { namespaceURI, localName } = element;
  const attributes = [...element.attributes].filter(({ name }) => !NOT_COMPARED.test(name)).map(attributeOf).sort();
  return [`${NAMESPACES[namespaceURI ?? ''] ?? 'other:'}${localName}`, ...attributes].join(' ');
}

function attributeOf({ namespaceURI, name, value }: Attr): string {
  return `${namespaceURI ? `{${namespaceURI}}` : ''}${name}=${value}`;
}

function boxOf(element: Element): string {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height].map(Math.round).join();
}

/** Builds nodes as rrweb records them, and the HTML for them. */

export interface ElementNode {
  readonly type: 2;
  readonly id: number;
  readonly tagName: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly childNodes: readonly RecordedNode[];
  readonly isSVG?: true;
}
interface TextNode {
  readonly type: 3;
  readonly id: number;
  readonly textContent: string;
}
export type RecordedNode = ElementNode | TextNode;

const VOID = new Set(['base', 'embed', 'img', 'input', 'link', 'meta', 'source', 'track']);
let id = 100;

export type Child = RecordedNode | string;

export function element(tagName: string, attributes: ElementNode['attributes'] = {}, ...children: Child[]): ElementNode {
  const childNodes = children.map((child) => (typeof child === 'string' ? text(child) : child));
  return { type: 2, id: ++id, tagName, attributes, childNodes };
}

export function svg(tagName: string, attributes: ElementNode['attributes'] = {}, ...children: Child[]): ElementNode {
  return { ...element(tagName, attributes, ...children), isSVG: true };
}

function text(textContent: string): TextNode {
  return { type: 3, id: ++id, textContent };
}

/** A copy of the node with new ids. */
export function copyOf<N extends RecordedNode>(node: N): N {
  if (node.type === 3) return { ...node, id: ++id };
  return { ...node, id: ++id, childNodes: node.childNodes.map(copyOf) };
}

/** A copy without attributes, and the changes that set them. */
export function bareAndChanges(node: ElementNode): { bare: ElementNode; changes: object[] } {
  const changes: object[] = [];
  const strip = (one: RecordedNode): RecordedNode => {
    if (one.type === 3) return { ...one, id: ++id };
    const own = ++id;
    changes.push({ id: own, attributes: one.attributes });
    return { ...one, id: own, attributes: {}, childNodes: one.childNodes.map(strip) };
  };
  return { bare: strip(node) as ElementNode, changes };
}

/** The HTML that a server would send. `_cssText` is the content of a style element. */
export function htmlOf(node: RecordedNode): string {
  if (node.type === 3) return node.textContent; // not escaped: it may be a script
  const { _cssText: css, ...attributes } = node.attributes;
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${String(value === true ? '' : value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
  );
  const tag = node.tagName;
  const inner = `${typeof css === 'string' ? css : ''}${node.childNodes.map(htmlOf).join('')}`;
  return `<${tag}${written.join('')}>${VOID.has(tag.toLowerCase()) ? '' : `${inner}</${tag}>`}`;
}

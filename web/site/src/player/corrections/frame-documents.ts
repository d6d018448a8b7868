import type { Replayer } from '@rrweb/replay';
import { type Json, isObject } from '../event';

const DOCTYPE = 1;
const DOCUMENT_NODE = 9;

/** A page in "limited quirks": https://html.spec.whatwg.org/multipage/parsing.html#the-initial-insertion-mode */
const LIMITED = /^-\/\/w3c\/\/dtd xhtml 1\.0 (?:frameset|transitional)\/\//i;
const LIMITED_WITH_ADDRESS = /^-\/\/w3c\/\/dtd html 4\.01 (?:frameset|transitional)\/\//i;
/** Written as they stand here, whatever the recording says. */
const WRITTEN = {
  standards: '<!DOCTYPE html>',
  quirks: '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN" "">',
  limited: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
};

interface Nodes {
  readonly nodeMetaMap: WeakMap<object, unknown>;
  getNode: (id: number) => { nodeType: number } | null;
  removeNodeFromMap: (node: object) => void;
  add: (node: Node, meta: Json) => void;
}

interface Inner {
  readonly mirror: Nodes;
  attachDocumentToIframe: (mutation: { node: { id: number } }, frame: unknown) => void;
}

/**
 * Builds the document of a frame anew each time it is recorded, and every document in its own mode of layout, and closed:
 * in one that is still open no animation of SVG starts.
 *
 * rrweb 2.1.6 takes a document with a known id for built, so a frame with `srcdoc` stays as empty as it was before it had
 * loaded. No issue names it yet; the nearest is https://github.com/rrweb-io/rrweb/pull/1905. Right would be that no two
 * documents are equal for `isNodeMetaEqual`. Of the modes it knows quirks only where there is no doctype, and none while
 * it goes to a moment: https://github.com/rrweb-io/rrweb/pull/697. Right would be to write the doctype in both ways of
 * building, and to close each document.
 *
 * browser/rebuilt.test.ts says when this can go.
 */
export function rebuildDocuments(replayer: Replayer): void {
  const inner = replayer as unknown as Inner;
  const attach = inner.attachDocumentToIframe.bind(replayer);
  inner.attachDocumentToIframe = (mutation, frame) => {
    forget(inner.mirror, mutation.node.id);
    attach(mutation, frame);
  };
  const { mirror } = inner;
  const add = mirror.add.bind(mirror);
  mirror.add = (node, meta) => {
    if (node.nodeType === DOCUMENT_NODE) prepare(node as Document, meta);
    add(node, meta);
  };
}

function forget(nodes: Nodes, id: number): void {
  const known = nodes.getNode(id);
  if (known?.nodeType !== DOCUMENT_NODE) return;
  nodes.removeNodeFromMap(known);
  nodes.nodeMetaMap.delete(known);
}

/** rrweb has just opened the document, and builds what it holds after this. Nothing is written into it later. */
function prepare(document: Document, meta: Json): void {
  if (document.documentElement) return;
  document.write(WRITTEN[modeOf(meta)]);
  document.close();
  document.replaceChildren(); // what was recorded follows, and the mode stays
}

function modeOf(meta: Json): keyof typeof WRITTEN {
  if (meta['compatMode'] === 'BackCompat') return 'quirks';
  const children: unknown[] = Array.isArray(meta['childNodes']) ? meta['childNodes'] : [];
  const doctype = children.filter(isObject).find(({ type }) => type === DOCTYPE);
  const id = String(doctype?.['publicId'] ?? '');
  return LIMITED.test(id) || (LIMITED_WITH_ADDRESS.test(id) && doctype?.['systemId']) ? 'limited' : 'standards';
}

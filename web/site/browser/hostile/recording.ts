import { type Kind, evilOf, runOf } from './kinds';
import { type ElementNode, type RecordedNode, bareAndChanges, copyOf, element, htmlOf } from './nodes';

export interface HostileRecording {
  /** The events that the API has at first, oldest first. */
  readonly first: string[];
  /** The events that arrive later, during live viewing. */
  later: () => string[];
}

/** Texts on the page that show which events have been applied. */
export const MARKERS = { changed: 'all has been changed', live: 'all of it came live' };

/**
 * A recording that started a moment ago and holds each kind in every possible way: in the snapshot, added, as attribute
 * changes, in other kinds of events, and live.
 */
export function recordingOf(kinds: readonly Kind[], nowMs: number): HostileRecording {
  const made = (part: 'head' | 'nodes') => kinds.flatMap((kind) => kind[part]?.(evilOf(kind), runOf(kind)) ?? []);
  const [head, body] = [made('head'), made('nodes')];
  const bare = [...head, ...body].map(bareAndChanges);
  const sheet = element('style', { _cssText: 'body { color: black }' });
  const headNode = element('head', {}, sheet, ...head);
  const bodyNode = element('body', {}, element('h1', {}, 'The recorded page'), ...body, ...bare.map((one) => one.bare));
  const html = [...head, ...body].map(htmlOf).join('');
  const adds = (marker: string) => [
    ...head.flatMap((node) => added(headNode, copyOf(node))),
    ...body.flatMap((node) => added(bodyNode, copyOf(node))),
    ...added(bodyNode, element('p', {}, marker)),
  ];
  const others = () => [
    ...kinds.flatMap((kind) => kind.events?.(evilOf(kind), { body: bodyNode.id, sheet: sheet.id }) ?? []).map((data) => ({ type: 3, data })),
    { type: 5, data: { tag: html, payload: { html } } },
    { type: 6, data: { plugin: html, payload: html } },
    { type: 99, data: { html } },
  ];
  const first = [
    { type: 4, data: { href: `javascript:${runOf(kinds[0]!)}`, width: 800, height: 600 } },
    { type: 2, data: { node: pageOf(headNode, bodyNode), initialOffset: { left: 0, top: 0 } } },
    ...others(),
    change({ attributes: bare.flatMap(({ changes }) => changes) }),
    change({ adds: adds(MARKERS.changed) }),
  ];
  const lines = (events: readonly object[], atMs: number) =>
    events.map((event, index) => JSON.stringify({ ...event, timestamp: atMs + 20 * index }));
  return {
    first: lines(first, nowMs - 3000),
    later: () => lines([...others(), change({ adds: adds(MARKERS.live) })], Date.now()),
  };
}

/** rrweb records each added node separately, parents first. */
function added(parent: { id: number }, node: RecordedNode): object[] {
  if (node.type === 3) return [{ parentId: parent.id, nextId: null, node }];
  const own = { parentId: parent.id, nextId: null, node: { ...node, childNodes: [] } };
  return [own, ...node.childNodes.flatMap((child) => added(node, child))];
}

function change(data: object): object {
  return { type: 3, data: { source: 0, adds: [], removes: [], attributes: [], texts: [], ...data } };
}

function pageOf(head: ElementNode, body: ElementNode): object {
  const doctype = { type: 1, id: 2, name: 'html', publicId: '', systemId: '' };
  return { type: 0, id: 1, childNodes: [doctype, element('html', {}, head, body)] };
}

import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const MUTATION = 0;
const DOCUMENT = 0;
export const INPUT = 5;
export const STYLE_SHEET_RULE = 8;
export const STYLE_DECLARATION = 13;
export const ADOPTED_STYLE_SHEET = 15;

export type RecordedElement = serializedNodeWithId & { tagName: string; attributes: Record<string, unknown> };

/** The parts of rrweb's incremental events that corrections look at. */
export interface Change {
  source: number;
  id?: number;
  styleId?: number;
  styleIds?: number[];
  styles?: { rules: { rule: string }[] }[];
  adds?: { parentId: number; node: serializedNodeWithId; index?: number | number[]; rule?: string }[];
  removes?: { parentId: number; index?: number | number[] }[];
  texts?: { id: number }[];
  attributes?: { id: number; attributes: Record<string, unknown> }[];
  index?: number[];
}

export const changeOf = (event: eventWithTime): Change | undefined =>
  event.type === INCREMENTAL ? (event.data as unknown as Change) : undefined;

/** What an event brings, found once for all corrections: a mutation may have thousands of nodes. */
interface Brought {
  readonly nodes: readonly serializedNodeWithId[];
  /** Documents of frames. */
  readonly documents: readonly serializedNodeWithId[];
}
const brought = new WeakMap<eventWithTime, Brought>();

function broughtBy(event: eventWithTime): Brought {
  let found = brought.get(event);
  if (found) return found;
  const change = changeOf(event);
  const nodes = event.type === FULL_SNAPSHOT ? [event.data.node] : change?.source === MUTATION ? change.adds!.map(({ node }) => node) : [];
  const documents = change ? nodes.filter(({ type }) => (type as number) === DOCUMENT) : [];
  for (let n = 0; n < nodes.length; n += 1) {
    const node = nodes[n]!;
    if ('childNodes' in node) for (const child of node.childNodes) nodes.push(child);
  }
  found = { nodes, documents };
  brought.set(event, found);
  return found;
}

/** Call `visit` with each node that an event brings. */
export function forEachNode(event: eventWithTime, visit: (node: serializedNodeWithId) => void): void {
  for (const node of broughtBy(event).nodes) visit(node);
}

/** The windows of frames whose documents an event brings. */
export function windowsOf(event: eventWithTime, nodeOf: (id: number) => Node | null): (Window & typeof globalThis)[] {
  const found = [];
  for (const { id } of broughtBy(event).documents) {
    const view = (nodeOf(id) as Document | null)?.defaultView;
    if (view) found.push(view);
  }
  return found;
}

/** An event of rrweb's, now. */
export const eventOf = (data: object): eventWithTime => ({ type: INCREMENTAL, data, timestamp: Date.now() }) as unknown as eventWithTime;

import type { eventWithTime } from '@rrweb/types';
import { expect, it } from 'vitest';
import { orderSiblings } from './sibling-order';

interface Add {
  parentId: number;
  nextId: number | null;
  node: { id: number; isShadow?: boolean; [more: string]: unknown };
}

const add = (parentId: number, nextId: number | null, id: number, more: object = {}): Add =>
  ({ parentId, nextId, node: { type: 2, tagName: 'b', attributes: {}, childNodes: [], id, ...more } });

/** The children of each node of a page, as a player of rrweb would have them. */
function played(page: Record<string, number[]>, adds: readonly Add[]): Record<string, number[]> {
  const children = structuredClone(page);
  for (const { parentId, nextId, node } of adds) {
    const siblings = children[node.isShadow ? `shadow of ${parentId}` : parentId];
    const at = nextId === null ? siblings?.length : siblings?.indexOf(nextId);
    if (!siblings || at === undefined || at < 0) throw new Error(`${node.id} has no place yet`);
    siblings.splice(at, 0, node.id);
    children[node.id] = [];
  }
  return children;
}

const mutation = (adds: readonly Add[]) => ({ type: 3, data: { source: 0, adds } }) as unknown as eventWithTime & { data: { adds: Add[] } };

/** The adds of a mutation after that. */
function firstToLast(adds: readonly Add[]): Add[] {
  const event = mutation(structuredClone(adds));
  orderSiblings(event);
  return event.data.adds;
}

const summary = (adds: readonly Add[]) => adds.map(({ parentId, nextId, node }) => [parentId, nextId, node.id]);

it('adds siblings from the first to the last, and each parent before its children', () => {
  const adds = [add(1, null, 10), add(1, 10, 11), add(1, 11, 12), add(12, null, 13), add(12, 13, 14), add(10, null, 15)];

  const sorted = firstToLast(adds);

  expect(summary(sorted)).toEqual([
    [1, null, 12],
    [1, null, 11],
    [1, null, 10],
    [12, null, 14],
    [12, null, 13],
    [10, null, 15],
  ]);
  expect(played({ 1: [] }, sorted)).toEqual(played({ 1: [] }, adds));
});

it('adds siblings before the one that the page has already, in an element and in its shadow tree', () => {
  const isShadow = true;
  const page = { 1: [2, 3], 'shadow of 1': [] };
  const adds = [add(1, 3, 10), add(1, 10, 11), add(1, 2, 12), add(1, 12, 13), add(1, null, 14), add(1, null, 15, { isShadow }), add(1, 15, 16, { isShadow })];

  const sorted = firstToLast(adds);

  expect(sorted.map(({ nextId }) => nextId)).toEqual([3, 3, 2, 2, null, null, null]);
  expect(played(page, sorted)).toEqual(played(page, adds));
  expect(played(page, sorted)).toMatchObject({ 1: [13, 12, 2, 11, 10, 3, 14], 'shadow of 1': [16, 15] });
});

it('makes the same page where nodes are added between those of the same event', () => {
  const adds = [add(1, null, 10), add(1, 10, 11), add(1, 10, 12), add(1, 12, 13), add(1, 11, 14), add(1, null, 15), add(1, null, 16)];

  expect(played({ 1: [] }, firstToLast(adds))).toEqual(played({ 1: [] }, adds));
});

it.each([1, 2, 3, 4])('makes the same page of 400 nodes, added anywhere: %s', (seed) => {
  let state = seed;
  const random = (below: number) => (state = (state * 48_271) % 0x7fffffff) % below;
  const page: Record<string, number[]> = { 1: [2, 3, 4] };
  const adds: Add[] = [];
  let children = page;
  for (let id = 10; id < 400; id += 1) {
    const last = adds.at(-1);
    const parentId = last && random(4) ? last.parentId : random(2) ? 1 : (adds[random(id - 10)]?.node.id ?? 1);
    const siblings = children[parentId] ?? [];
    const nextId = last?.parentId === parentId && random(4) ? last.node.id : (siblings[random(siblings.length + 1)] ?? null);
    adds.push(add(parentId, nextId, id));
    children = played(children, adds.slice(-1));
  }

  expect(played(page, firstToLast(adds))).toEqual(children);
});

it('makes the same page when it comes twice', () => {
  const adds = [add(1, null, 10), add(1, 10, 11), add(1, 11, 12), add(1, 12, 13), add(1, 10, 14), add(1, 14, 15)];

  expect(played({ 1: [] }, firstToLast(firstToLast(adds)))).toEqual(played({ 1: [] }, adds));
});

it('keeps each node as it is, writes its parent beside it, and changes nothing of other events', () => {
  const adds = [add(1, null, 10, { rootId: 7 }), add(10, null, 11)];
  const scroll = { type: 3, data: { source: 3, id: 1, x: 0, y: 9 } } as unknown as eventWithTime;

  const sorted = firstToLast(adds);
  orderSiblings(scroll);

  expect(JSON.stringify(sorted)).toMatch(/^\[\{"nextId":null,"parentId":1,"node":\{.*"nextId":null,"parentId":10,"node":\{/);
  expect(sorted).toEqual(adds);
  expect(scroll.data).toEqual({ source: 3, id: 1, x: 0, y: 9 });
});

it.each([[undefined], [{ source: 0 }], [{ source: 0, adds: 'none' }], [{ source: 0, adds: [null, { node: null }] }]])('leaves data that no event of rrweb has as it is: %j', (data) => {
  const event = { type: 3, data: structuredClone(data) } as unknown as eventWithTime;

  orderSiblings(event);

  expect(event.data).toEqual(data);
});

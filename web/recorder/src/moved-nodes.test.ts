import { afterEach, expect, it, vi } from 'vitest';
import { createMovedNodes } from './moved-nodes';

/** A node that knows what it lies in. */
const node = (parent?: object): Node => ({ parent }) as unknown as Node;

let records: object[] = [];
class FakeObserver {
  observe(): void {}
  takeRecords(): object[] {
    return records.splice(0);
  }
}

function create() {
  vi.stubGlobal('MutationObserver', FakeObserver);
  return createMovedNodes((one) => (one as unknown as { parent?: Node }).parent ?? null);
}

afterEach(() => vi.unstubAllGlobals());

it('knows what a node has lain in, at any depth', () => {
  const moves = create();
  const closed = node();
  const [moved, other] = [node(), node()];
  moves.watch(closed, 'block');
  records = [{ target: node(node(closed)), removedNodes: [moved] }, { target: node(), removedNodes: [other] }];
  moves.update();

  expect(moves.treatmentOf(moved)).toBe('block');
  expect(moves.treatmentOf(other)).toBeUndefined();
});

it.each([false, true])('knows it also if that has moved itself: before it %s', (isFirst) => {
  const moves = create();
  const closed = node();
  const between = node(); // both have moved by now
  const moved = node();
  moves.watch(closed, 'text');
  records = [
    { target: between, removedNodes: [moved] },
    { target: closed, removedNodes: [between] },
  ];
  if (isFirst) records.reverse();
  moves.update();

  expect(moves.treatmentOf(moved)).toBe('text');
});

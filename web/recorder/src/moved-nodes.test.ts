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
  return createMovedNodes((one) => (one as unknown as { parent?: Node }).parent ?? null, (a, b) => (b === 'block' ? b : a));
}

afterEach(() => vi.unstubAllGlobals());

it('knows what a node has lain in, at any depth', () => {
  const moves = create();
  const closed = node();
  const [moved, other] = [node(), node()];
  moves.watch(closed, 'block');
  records = [{ target: node(node(closed)), removedNodes: [moved], addedNodes: [] }, { target: node(), removedNodes: [other], addedNodes: [] }];
  moves.update();

  expect(moves.treatmentOf(moved)).toBe('block');
  expect(moves.treatmentOf(other)).toBeUndefined();
});

it('knows what has moved on from a node that has moved, and forgets no stricter treatment', () => {
  const moves = create();
  const closed = node();
  const first = node();
  const second = node();
  moves.watch(closed, 'block');
  records = [{ target: closed, removedNodes: [first], addedNodes: [] }];
  moves.update();
  records = [{ target: first, removedNodes: [second], addedNodes: [] }];
  moves.update();
  const masked = node();
  moves.watch(masked, 'text');
  records = [{ target: masked, removedNodes: [second], addedNodes: [] }];
  moves.update();

  expect(moves.treatmentOf(second)).toBe('block');
});

it('watches shadow trees and frames that come later, and their documents as they load', () => {
  const moves = create();
  const closed = node();
  const [inRoot, inPage] = [node(), node()];
  const shadowRoot = node();
  const host = { shadowRoot } as unknown as Node;
  const pages: Node[] = [];
  let load: () => void;
  const frame = {
    nodeName: 'IFRAME',
    get contentDocument() {
      return pages[0];
    },
    addEventListener: (_: string, listener: () => void) => (load = listener),
  } as unknown as Node;
  moves.watch(closed, 'text');
  records = [{ target: closed, removedNodes: [], addedNodes: [host, frame] }];
  moves.update();
  pages.push(node());
  load!();
  records = [
    { target: shadowRoot, removedNodes: [inRoot], addedNodes: [] },
    { target: pages[0], removedNodes: [inPage], addedNodes: [] },
  ];
  moves.update();

  expect([inRoot, inPage].map(moves.treatmentOf)).toEqual(['text', 'text']);
});

it('knows that a node was recorded in a closed element, if it is recorded again', () => {
  const moves = create();
  const [again, once] = [node(), node()];
  for (const one of [again, once]) moves.note(one, 'block');
  moves.recall(again);

  expect([again, once].map(moves.treatmentOf)).toEqual(['block', undefined]);
});

it.each([false, true])('knows it also if that has moved itself: before it %s', (isFirst) => {
  const moves = create();
  const closed = node();
  const between = node(); // both have moved by now
  const moved = node();
  moves.watch(closed, 'text');
  records = [
    { target: between, removedNodes: [moved], addedNodes: [] },
    { target: closed, removedNodes: [between], addedNodes: [] },
  ];
  if (isFirst) records.reverse();
  moves.update();

  expect(moves.treatmentOf(moved)).toBe('text');
});

it('keeps a copy as closed as what was copied, and as what that has just been moved out of', () => {
  const moves = create();
  const closed = node();
  const [copy, moved, other, open] = [node(), node(), node(), node()];
  moves.watch(closed, 'block');
  moves.copied(node(node(closed)), copy);
  records = [{ target: closed, removedNodes: [moved], addedNodes: [] }];
  moves.copied(moved, other);
  moves.copied(node(), open);

  expect([copy, other, open].map(moves.treatmentOf)).toEqual(['block', 'block', undefined]);
});

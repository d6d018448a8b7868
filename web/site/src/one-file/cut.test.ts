import { expect, test } from 'vitest';
import { createCut } from './cut';

const at = (ms: number, type = 3, data: object = { source: 3 }): string => JSON.stringify({ type, timestamp: 1000 + ms, data });
const meta = (ms: number): string => at(ms, 4, { width: 1, height: 1 });
const snapshot = (ms: number): string => at(ms, 2, { node: { type: 0, childNodes: [] } });
const told = (ms: number, tag: string): string => at(ms, 5, { tag, payload: {} });

function cutOf(range: Parameters<typeof createCut>[0], lines: readonly string[]) {
  const cut = createCut(range);
  return { lines: [...lines.flatMap(cut.add), ...cut.end()], atMs: cut.atMs(), isOver: cut.isOver() };
}

test('a part starts with the last snapshot before it, and opens at its own start', () => {
  const lines = [meta(0), snapshot(1), at(2000), meta(5000), snapshot(5001), at(6000), at(7000), at(9000)];

  expect(cutOf({ fromMs: 6500, toMs: 8000 }, lines)).toEqual({ lines: [meta(5000), snapshot(5001), at(6000), at(7000)], atMs: 1500, isOver: true });
});

test('what holds for all that follows is kept from before the snapshot, with its time', () => {
  const tags = ['rrweb-store:resources', 'rrweb-store:media'];
  const lines = [meta(0), snapshot(1), ...tags.map((tag) => told(10, tag)), told(20, 'rrweb-store:event'), meta(5000), snapshot(5001), at(6000)];

  expect(cutOf({ fromMs: 5500 }, lines).lines).toEqual([...tags.map((tag) => told(5000, tag)), meta(5000), snapshot(5001), at(6000)]);
});

test('nothing is left out without a range, and lines that are no events stay where they are', () => {
  const lines = ['{', meta(0), snapshot(1), '[]', at(5)];

  expect(cutOf({}, lines)).toEqual({ lines, atMs: 0, isOver: false });
  expect(cutOf({ fromMs: 3 }, lines)).toEqual({ lines: [meta(0), snapshot(1), '[]', at(5)], atMs: 3, isOver: false });
});

test('a part after the last event has what its moment needs', () => {
  expect(cutOf({ fromMs: 99_000 }, [meta(0), snapshot(1), at(5)])).toEqual({ lines: [meta(0), snapshot(1), at(5)], atMs: 99_000, isOver: false });
});

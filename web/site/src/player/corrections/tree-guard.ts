import type { Replayer } from '@rrweb/replay';

/** A node of rrweb's virtual DOM, a copy of the page that it changes first. */
interface CopiedNode {
  readonly parentNode: CopiedNode | null;
  appendChild: (child: CopiedNode) => CopiedNode;
  insertBefore: (child: CopiedNode, next: CopiedNode | null) => CopiedNode;
}

const guarded = new WeakSet<object>();

/**
 * Keeps rrweb's virtual DOM a tree. A browser refuses to put a node into itself; rrweb's copy does not, and a walk up
 * from such a node never ends. The class is private to rrweb and shared by all players.
 */
export function guardTree(replayer: Replayer): void {
  const { virtualDom } = replayer as unknown as { virtualDom: { createElement: (tag: string) => CopiedNode } };
  let kind = virtualDom.createElement('p');
  while (!Object.hasOwn(kind, 'appendChild')) kind = Object.getPrototypeOf(kind) as CopiedNode;
  if (guarded.has(kind)) return;
  guarded.add(kind);
  const { appendChild, insertBefore } = kind;
  kind.appendChild = function (child) {
    refuseCycle(this, child);
    return appendChild.call(this, child);
  };
  kind.insertBefore = function (child, next) {
    refuseCycle(this, child);
    return insertBefore.call(this, child, next);
  };
}

function refuseCycle(parent: CopiedNode, child: CopiedNode): void {
  for (let one: CopiedNode | null = parent; one; one = one.parentNode) {
    if (one === child) throw new DOMException('a node cannot be put into itself', 'HierarchyRequestError');
  }
}

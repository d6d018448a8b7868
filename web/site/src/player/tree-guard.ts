import type { Replayer } from '@rrweb/replay';

/** A node of the copy of the page in which rrweb's player goes ahead, before it changes the page itself. */
interface CopiedNode {
  readonly parentNode: CopiedNode | null;
  appendChild: (child: CopiedNode) => CopiedNode;
  insertBefore: (child: CopiedNode, next: CopiedNode | null) => CopiedNode;
}

const guarded = new WeakSet<object>();

/**
 * Keeps that copy a tree. A browser refuses to put a node into itself; rrweb's copy does not, and whatever walks up from
 * there never comes to an end. The class is private to rrweb, and the same for all players.
 */
export function guardTree(replayer: Replayer): void {
  const { virtualDom } = replayer as unknown as { virtualDom: { createElement: (tag: string) => CopiedNode } };
  let kind = virtualDom.createElement('p');
  while (!Object.hasOwn(kind, 'appendChild')) kind = Object.getPrototypeOf(kind) as CopiedNode;
  if (guarded.has(kind)) return;
  guarded.add(kind);
  const { appendChild, insertBefore } = kind;
  kind.appendChild = function (child) {
    refuseCircle(this, child);
    return appendChild.call(this, child);
  };
  kind.insertBefore = function (child, next) {
    refuseCircle(this, child);
    return insertBefore.call(this, child, next);
  };
}

function refuseCircle(parent: CopiedNode, child: CopiedNode): void {
  for (let one: CopiedNode | null = parent; one; one = one.parentNode) {
    if (one === child) throw new DOMException('a node cannot be put into itself', 'HierarchyRequestError');
  }
}

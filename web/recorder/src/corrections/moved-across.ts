import type { Recorded, Watcher } from './index';
import { MUTATION, changeOf } from './recorded-nodes';

/**
 * Keeps a node that the page has moved into another tree: out of a shadow tree, or into one that is older.
 *
 * rrweb 2.1.6 observes each tree by itself. Where the new place is told of before the old one, it tells at last that the node
 * is gone, forgets it, and records nothing more of it. The nearest issue is https://github.com/rrweb-io/rrweb/issues/1284.
 * Right would be to gather what all observers of a document have seen before it emits.
 *
 * web/site/browser/moved-across.test.ts says when this can go.
 */
export function watchMovedAcross({ nodeOf, keep }: Recorded): Watcher {
  /** What was added since the page's last script ended. */
  const added = new Map<number, Node>();
  /** A page of one tree costs nothing. */
  let trees = 0;

  return {
    entered: () => void (trees += 1),
    correct(event) {
      const change = changeOf(event);
      if (change?.source !== MUTATION || trees < 2) return;
      change.removes = change.removes!.filter(({ id }) => !added.get(id)?.isConnected);
      // All observers are called before this.
      if (!added.size) queueMicrotask(() => {
        for (const [id, node] of added) if (node.isConnected && !nodeOf(id)) keep(node);
        added.clear();
      });
      for (const { node: { id } } of change.adds!) {
        const node = nodeOf(id);
        if (node) added.set(id, node);
      }
    },
  };
}

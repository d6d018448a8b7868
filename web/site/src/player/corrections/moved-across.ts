import type { Replayer } from '@rrweb/replay';
import type { serializedNodeWithId } from '@rrweb/types';
import type { Correction } from './correction';

interface Mutation {
  readonly adds: readonly { readonly parentId: number; readonly node: serializedNodeWithId }[];
  readonly removes: readonly { readonly id: number; readonly parentId: number; readonly isShadow?: boolean }[];
}

/** A private method of rrweb's player. */
interface Mutations {
  applyMutation: (mutation: Mutation, isSync: boolean) => void;
}

/**
 * Takes a node out of the tree that it was in, when it comes into another one, and out of no place where it is not.
 *
 * rrweb 2.1.6 tells of each tree by itself. The new place may come without the old one's end, and its player then shows the
 * node, or its texts, twice; or the old one's end comes after it, and the player gives up all that comes with that. The
 * recorder's `corrections/moved-across.ts` says why, and when both can go. Right would be that the player's `appendNode`
 * removes a node that it has built anew, and that it asks a node for its parent before it removes it.
 */
export function createMovedAcross(): Correction {
  return {
    attach(replayer: Replayer) {
      const inner = replayer as unknown as Mutations;
      const own = inner.applyMutation.bind(replayer);
      inner.applyMutation = (mutation, isSync) => {
        const mirror = replayer.getMirror();
        const removes = mutation.removes.filter(({ id, parentId, isShadow }) => {
          const [node, parent] = [mirror.getNode(id), mirror.getNode(parentId)];
          return !node?.parentNode || node.parentNode === (isShadow ? (parent as Element | null)?.shadowRoot : parent);
        });
        for (const { parentId, node } of mutation.adds) {
          const before = mirror.getNode(node.id);
          const parent = mirror.getNode(parentId);
          if (!before?.parentNode || !parent || before.nodeType === Node.DOCUMENT_NODE || removes.some(({ id }) => id === node.id)) continue;
          const tree = node.isShadow ? (parent as Element).shadowRoot : parent.getRootNode();
          if (before.getRootNode() === tree) continue;
          mirror.removeNodeFromMap(before as never);
          before.parentNode.removeChild(before);
        }
        own({ ...mutation, removes }, isSync);
      };
    },
  };
}

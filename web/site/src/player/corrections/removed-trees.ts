import type { Replayer } from '@rrweb/replay';
import type { Correction } from './correction';

/**
 * Forgets the shadow trees of elements that are removed.
 *
 * rrweb 2.1.6 forgets what is below such an element, but not what is in its shadow tree: when the element comes back, its
 * player takes the nodes of that tree from the old one, with what they hold, and puts what has changed beside it. No issue
 * names it yet. Right would be that `removeNodeFromMap` goes into shadow trees.
 *
 * browser/rebuilt.test.ts says when this can go.
 */
export function createRemovedTrees(): Correction {
  return {
    attach(replayer: Replayer) {
      const mirror = replayer.getMirror();
      const forget = mirror.removeNodeFromMap.bind(mirror);
      mirror.removeNodeFromMap = (node) => {
        forget(node); // which comes back here for each child
        for (const child of (node as unknown as Element).shadowRoot?.childNodes ?? []) mirror.removeNodeFromMap(child as never);
      };
    },
  };
}

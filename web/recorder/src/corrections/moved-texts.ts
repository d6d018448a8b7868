import type { mutationData } from '@rrweb/types';
import type { Recorded, Watcher } from './index';

const [INCREMENTAL, MUTATION, ELEMENT, TEXT] = [3, 0, 2, 3];

/**
 * Adds a text that the page has moved into a new element of an element that moved itself, as an editor does with its lines.
 *
 * rrweb 2.1.6 leaves it out: the new element counts as removed with the one around it, and it looks only at those that moved.
 * https://github.com/rrweb-io/rrweb/issues/850 may be the same. Right would be that `emit` passes over a moved node only if
 * no element around it is in `movedSet` or `addedSet`.
 *
 * web/site/browser/moved-texts.test.ts says when this can go.
 */
export function watchMovedTexts({ idOf, nodeOf }: Recorded): Watcher {
  /** rrweb counts: an element that comes with a higher id is new, another one has moved. */
  let newest = 0;
  return {
    built: ({ id }) => void (newest = Math.max(newest, id)),
    correct({ type, data }) {
      const { source, adds } = data as mutationData;
      if ((type as number) !== INCREMENTAL || (source as number) !== MUTATION) return;
      if (!adds.some(({ node }) => node.id <= newest && (node.type as number) === ELEMENT)) return;
      const added = new Set(adds.map(({ node }) => node.id));
      for (const { node } of [...adds]) {
        const element = (node.type as number) === ELEMENT ? nodeOf(node.id) : null;
        if (!element || /^(?:textarea|script|style)$/i.test(element.nodeName)) continue;
        for (const child of element.childNodes) {
          const id = idOf(child);
          if (child.nodeType !== TEXT || id < 0 || added.has(id)) continue;
          const next = child.nextSibling ? idOf(child.nextSibling) : -1;
          adds.push({ parentId: node.id, nextId: next < 0 ? null : next, node: { type: TEXT, id, textContent: child.textContent! } });
        }
      }
    },
  };
}

import { createListening } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { eventOf } from './recorded-nodes';

const [SCROLL, DOCUMENT] = [3, 9];
/** By then rrweb, which gathers for 100 ms, has told what it tells. */
const QUIET_MS = 200;

/**
 * Tells where each element stands that was scrolled, once nothing is scrolled any more, and when it has moved in the tree:
 * it stands at its start then, unless `moveBefore` has moved it. Also where the document of a frame stands as it is recorded.
 *
 * rrweb 2.1.6 gathers the scrolling of all elements of a tree together, and tells of two within 100 ms: of a table whose head
 * follows its body, one stays where it was. In a shadow tree it tells of one, and in a snapshot of no frame. No issue of
 * rrweb names it yet; the nearest is https://github.com/rrweb-io/rrweb/pull/1439. Right would be to gather by element, to
 * read the target at once, and to tell with each document where it stands.
 *
 * web/site/browser/scrolled-elements.test.ts and rebuilt.test.ts say when this can go.
 */
export function watchScrolledElements({ emit, idOf }: Recorded): Watcher {
  const { listen, stop } = createListening();
  const scrolled = new Set<EventTarget>();
  /** Those that were scrolled at any time: of no other a style is computed. */
  const known = new WeakSet<EventTarget>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    for (const node of scrolled) {
      const { scrollLeft: x, scrollTop: y } = ((node as Node).nodeType === DOCUMENT && (node as Document).scrollingElement) || (node as Element);
      emit(eventOf({ source: SCROLL, id: idOf(node as Node), x, y }));
    }
    scrolled.clear();
  }

  function hear({ target }: Event): void {
    scrolled.add(target!);
    known.add(target!);
    clearTimeout(timer);
    timer = setTimeout(tell, QUIET_MS);
  }

  function tellOf(node: Node): void {
    scrolled.add(node);
    queueMicrotask(tell); // after the event that brings it
  }

  return {
    entered(root) {
      listen(root, 'scroll', hear);
      if (root === document || root.nodeType !== DOCUMENT) return;
      const { scrollingElement } = root as Document;
      if (scrollingElement?.scrollLeft || scrollingElement?.scrollTop) tellOf(root);
    },
    built(_, element) {
      if (known.has(element)) tellOf(element);
    },
    stop() {
      stop();
      clearTimeout(timer);
    },
  };
}

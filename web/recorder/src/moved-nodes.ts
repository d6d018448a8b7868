import { shadowTreeOf } from './corrections/closed-trees';
import type { Treatment } from './place';
import { typedValues } from './typed-values';

/** What a script has moved, as private as it was; also for the next recorder on this page, as after another user has signed in. */
const moved = new WeakMap<Node, Treatment>();

/**
 * Make a memory of the nodes that a script moves out of closed elements, since their content is as private elsewhere.
 *
 * rrweb says where a node has come to, and not where it came from. Of what a blocked element holds, and of frames that it
 * has not recorded yet, it says nothing.
 *
 * @param parentOf the browser's own `parentNode`
 */
export function createMovedNodes(parentOf: (node: Node) => Node | null, stricter: (a: Treatment, b?: Treatment) => Treatment) {
  /** Elements, shadow roots and documents out of which nothing moves unseen. */
  const watched = new WeakMap<Node, Treatment>();
  /** As they were recorded last. */
  const recorded = new WeakMap<Node, Treatment>();
  const observer = new MutationObserver(take);
  const watching = new AbortController();

  function take(records: Pick<MutationRecord, 'target' | 'addedNodes' | 'removedNodes'>[]): void {
    // Twice, since what a node lay in may have moved itself, before or after it.
    for (const { target, addedNodes, removedNodes } of [...records, ...records.reverse()]) {
      let at: Node | null = target;
      while (at && !watched.has(at) && !moved.has(at)) at = parentOf(at);
      const treatment = at && (watched.get(at) ?? moved.get(at));
      if (!treatment) continue;
      for (const node of removedNodes) {
        moved.set(node, stricter(treatment, moved.get(node)));
        watch(node, treatment); // parts of it may move on
      }
      for (const node of addedNodes) inspect(node, treatment);
    }
  }

  function watch(root: Node, treatment: Treatment): void {
    const before = watched.get(root);
    watched.set(root, stricter(treatment, before));
    if (before) return;
    observer.observe(root, { childList: true, subtree: true });
    inspect(root, treatment);
  }

  /** Watch the frames and the shadow trees of a node, too. */
  function inspect(root: Node, treatment: Treatment): void {
    for (const one of [root, ...(root.firstChild ? (root as Element).querySelectorAll('*') : [])]) {
      const tree = shadowTreeOf(one as Element);
      if (tree) watch(tree, treatment);
      if ('defaultValue' in one) typedValues.watch(one as HTMLInputElement); // rrweb asks for none in a blocked element
      if (one.nodeName !== 'IFRAME') continue;
      const look = (): void => {
        const page = (one as HTMLIFrameElement).contentDocument;
        if (page) watch(page, treatment);
      };
      look();
      one.addEventListener('load', look, watching);
    }
  }

  return {
    watch,
    note: (node: Node, treatment: Treatment): void => void recorded.set(node, treatment),
    /** A node is recorded again, because it was moved. */
    recall(node: Node): void {
      const before = recorded.get(node);
      if (before) moved.set(node, stricter(before, moved.get(node)));
    },
    /** A script has made a copy of a node, which is as private as that is now. */
    copied: (node: Node, copy: Node): void => take([...observer.takeRecords(), { target: node, removedNodes: [copy] as never, addedNodes: [] as never }]),
    /** Note what has moved up to now. */
    update: (): void => take(observer.takeRecords()),
    /** The treatment of the closed element that the node once lay in. */
    treatmentOf: (node: Node): Treatment | undefined => moved.get(node),
    stop(): void {
      observer.disconnect();
      watching.abort();
    },
  };
}

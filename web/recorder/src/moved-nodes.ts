import type { Treatment } from './place';

/**
 * Make a memory of the nodes that a script moves out of closed elements, since their content is as private elsewhere.
 *
 * rrweb says where a node has come to, and not where it came from.
 *
 * @param parentOf the browser's own `parentNode`
 */
export function createMovedNodes(parentOf: (node: Node) => Node | null) {
  /** Elements, shadow roots and documents in which nothing leaves without being seen. */
  const watched = new WeakMap<Node, Treatment>();
  const moved = new WeakMap<Node, Treatment>();
  const observer = new MutationObserver(take);

  function take(records: MutationRecord[]): void {
    // Twice, since what a node lay in may have moved itself, before or after it.
    for (const { target, removedNodes } of [...records, ...records.reverse()]) {
      let at: Node | null = target;
      while (at && !watched.has(at) && !moved.has(at)) at = parentOf(at);
      const treatment = at && (watched.get(at) ?? moved.get(at));
      if (!treatment) continue;
      for (const node of removedNodes) {
        moved.set(node, treatment);
        watch(node, treatment); // parts of it may move on
      }
    }
  }

  function watch(root: Node, treatment: Treatment): void {
    if (!watched.has(root)) observer.observe(root, { childList: true, subtree: true });
    watched.set(root, treatment);
  }

  return {
    watch,
    /** Note what has moved up to now. */
    update: (): void => take(observer.takeRecords()),
    /** The treatment of the closed element that the node once lay in. */
    treatmentOf: (node: Node): Treatment | undefined => moved.get(node),
    stop: (): void => observer.disconnect(),
  };
}

/**
 * Lets go what rrweb has to observe a shadow tree, when the page has removed that, or rrweb observes it anew.
 *
 * rrweb 2.1.6 keeps the buffer of each tree for good, though each full snapshot makes new ones, and each tree that is removed
 * until the next snapshot, or for good as one of its own nodes. Right would be that its `ShadowDomManager` forgets a tree as
 * `removeNodeFromMap` comes to its host, and `initMutationObserver` a buffer with its observer. No issue names it.
 *
 * web/site/browser/kept-memory.test.ts says when this can go.
 */
import { safely } from './hooked-members';

type Stop = () => void;

/** What of rrweb's `ShadowDomManager` is used. */
interface Manager {
  readonly shadowDoms: WeakSet<ShadowRoot>;
  readonly restoreHandlers: Stop[];
}

const observed = new WeakMap<Node, { readonly stops: Stop[]; readonly end: Stop }>();

/** Functions of their own: one that is made beside a tree keeps it. */
const createEnd = (found: WeakRef<Document | ShadowRoot>): Stop => () => endTree(found.deref());
const nothing = (): void => {};

/** A list for what ends the observing of a shadow tree or a frame's document. The manager ends all before a snapshot, and keeps none. */
export function stopsOf(tree: Document | ShadowRoot, { shadowDoms, restoreHandlers }: Manager): Stop[] {
  const known = observed.get(tree);
  if (known) return known.stops;
  const stops: Stop[] = [];
  const end = createEnd(new WeakRef(tree));
  restoreHandlers.push(end);
  observed.set(tree, {
    stops,
    end() {
      for (const stop of stops.reverse()) safely(stop)(); // of two that hook the same member, one is over the other
      shadowDoms.delete(tree as ShadowRoot);
      restoreHandlers.splice(restoreHandlers.indexOf(end), 1, nothing); // rrweb goes through it at this moment
    },
  });
  return stops;
}

/** The page has removed it. */
export function endTree(tree: Document | ShadowRoot | undefined): void {
  const known = tree && observed.get(tree);
  if (!known) return;
  observed.delete(tree);
  known.end();
}

/** An observer that takes its buffer out of rrweb's list as it ends. */
export const withBuffer = (observer: MutationObserver, buffers: object[], buffer: object): { disconnect(): void } => ({
  disconnect() {
    observer.disconnect();
    const at = buffers.indexOf(buffer);
    if (at >= 0) buffers.splice(at, 1);
  },
});

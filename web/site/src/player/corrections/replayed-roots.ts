import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import { FULL_SNAPSHOT, INCREMENTAL, type Json, MUTATION, isObject } from '../event';

export type Root = Document | ShadowRoot;

const DOCUMENT = 0;

/** Notes which documents and shadow trees the replayed page has: each has its own animations and style sheets. */
export function createReplayedRoots() {
  /** Ids of documents, and of nodes that stand at the top of a shadow tree. */
  const ids = new Set<number>();

  function note(root: unknown): void {
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if (!isObject(node)) continue;
      if (node['type'] === DOCUMENT || node['isShadow'] === true) ids.add(node['id'] as number);
      if (Array.isArray(node['childNodes'])) nodes.push(...(node['childNodes'] as unknown[]));
    }
  }

  return {
    /** To be called with each full snapshot before it is built, and with each other event. */
    follow({ type, data }: eventWithTime): void {
      if (!isObject(data)) return;
      if ((type as number) === FULL_SNAPSHOT) {
        ids.clear();
        note(data['node']);
      }
      if ((type as number) !== INCREMENTAL || (data as Json)['source'] !== MUTATION) return;
      for (const add of data['adds'] as Json[]) note(add['node']);
    },
    /** Those that are in the page. */
    roots(replayer: Replayer): Set<Root> {
      const roots = new Set<Root>();
      const { contentDocument } = replayer.iframe;
      if (contentDocument) roots.add(contentDocument);
      for (const id of ids) {
        const node = replayer.getMirror().getNode(id);
        const root = node?.nodeType === Node.DOCUMENT_NODE ? node : node?.parentNode;
        if (root?.isConnected && ((root as Document).defaultView || (root as ShadowRoot).host)) roots.add(root as Root);
      }
      return roots;
    },
  };
}

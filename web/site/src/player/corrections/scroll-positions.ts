import type { Replayer } from '@rrweb/replay';
import { FULL_SNAPSHOT, type Json, isObject } from '../event';
import type { Correction } from './correction';

/** A position as rrweb records it; the id of a document stands for its window. */
interface Position {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

/** A private method of rrweb's player. */
interface Scrolls {
  applyScroll: (position: Position, isSync: boolean) => void;
}

/**
 * Scrolls once for all events of a jump, when the page stands, and to the end of the way when the player stops.
 *
 * rrweb 2.1.6 scrolls for each of them, which makes the browser lay out the page each time; a page whose style says
 * `scroll-behavior: smooth` is on its way then. No issue of rrweb names it yet; right would be to keep the last position of
 * each element, and `behavior: instant`. This file can go when `browser/moments.test.ts` passes and `browser/long.test.ts`
 * is as fast without it.
 */
export function createScrollPositions(): Correction {
  const waiting = new Map<number, Position>();

  return {
    attach(replayer) {
      const inner = replayer as unknown as Scrolls;
      const own = inner.applyScroll.bind(replayer);
      inner.applyScroll = (position, isSync) => {
        if (!isSync) own(position, false); // smoothly; where it must be if the player stops on the way is known
        waiting.delete(position.id); // the order counts: one may lie in another
        waiting.set(position.id, position);
      };
    },
    restart({ type, data }) {
      waiting.clear();
      const { node, initialOffset } = data as unknown as Json;
      if ((type as number) !== FULL_SNAPSHOT || !isObject(node) || !isObject(initialOffset)) return;
      const { left, top } = initialOffset;
      const id = node['id'] as number;
      if (typeof left === 'number' && typeof top === 'number') waiting.set(id, { id, x: left, y: top });
    },
    show(replayer) {
      for (const { id, x, y } of waiting.values()) {
        const node = replayer.getMirror().getNode(id);
        const target = node?.nodeType === Node.DOCUMENT_NODE ? (node as Document).defaultView : (node as Element | null);
        target?.scrollTo?.({ left: x, top: y, behavior: 'instant' });
      }
      waiting.clear();
    },
  };
}

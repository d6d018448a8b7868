import type { Replayer } from '@rrweb/replay';
import { FULL_SNAPSHOT, INCREMENTAL, type Json, MUTATION, isObject } from '../event';
import type { Correction } from './correction';

/** A position as rrweb records it; the id of a document stands for its window. */
interface Position {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

/** For so long a page may grow to the size that it had. */
const GROWS_MS = 5_000;

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
  /** Where the page is not as large yet as it was: pictures load, and sections that were never seen have no size. */
  const unreached = new Map<number, Position>();
  let frame = 0;

  /** Scrolls, and says whether it is there. */
  function scroll(replayer: Replayer, { id, x, y }: Position): boolean {
    const node = replayer.getMirror().getNode(id);
    const isPage = node?.nodeType === Node.DOCUMENT_NODE;
    const target = isPage ? (node as Document).scrollingElement : (node as Element | null);
    if (!target?.scrollTo) return true;
    (isPage ? (node as Document).defaultView! : target).scrollTo({ left: x, top: y, behavior: 'instant' });
    return y - target.scrollTop < 1;
  }

  function follow(replayer: Replayer, untilMs: number): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame((nowMs) => {
      for (const position of unreached.values()) if (scroll(replayer, position)) unreached.delete(position.id);
      if (unreached.size > 0 && nowMs < untilMs) follow(replayer, untilMs);
    });
  }

  /** A node that is built anew stands at its start. */
  function forget(node: Json): void {
    waiting.delete(node['id'] as number);
    for (const child of (node['childNodes'] ?? []) as Json[]) forget(child);
  }

  return {
    handler({ type, data }) {
      if (waiting.size === 0 || (type as number) !== INCREMENTAL) return;
      const { source, adds } = data as unknown as { source: unknown; adds: readonly { node: Json }[] };
      if (source === MUTATION) for (const { node } of adds) forget(node);
    },
    attach(replayer) {
      const inner = replayer as unknown as Scrolls;
      const own = inner.applyScroll.bind(replayer);
      inner.applyScroll = (position, isSync) => {
        if (!isSync) own(position, false); // smoothly; where it must be if the player stops on the way is known
        unreached.delete(position.id);
        waiting.delete(position.id); // the order counts: one may lie in another
        waiting.set(position.id, position);
      };
    },
    restart({ type, data }) {
      waiting.clear();
      unreached.clear();
      const { node, initialOffset } = data as unknown as Json;
      if ((type as number) !== FULL_SNAPSHOT || !isObject(node) || !isObject(initialOffset)) return;
      const { left, top } = initialOffset;
      const id = node['id'] as number;
      if (typeof left === 'number' && typeof top === 'number') waiting.set(id, { id, x: left, y: top });
    },
    show(replayer) {
      for (const position of waiting.values()) if (!scroll(replayer, position)) unreached.set(position.id, position);
      if (unreached.size > 0) follow(replayer, performance.now() + GROWS_MS);
      waiting.clear();
    },
  };
}

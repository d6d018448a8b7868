import type { Replayer } from '@rrweb/replay';
import { INCREMENTAL, type Json, MUTATION, customPayload, isObject } from '../event';
import type { Correction } from './correction';

/** Custom events of the recorder with this tag have the ranges that the page highlights: docs/recorder.md. */
const TAG = 'rrweb-store:highlights';
/** Protects the player. The recorder tells fewer. */
const MAX_RANGES = 5_000;

type View = Window & typeof globalThis;

/**
 * Highlights in each replayed document what the page had highlighted.
 *
 * The recorder's `corrections/highlights.ts` says why, and when both can go.
 */
export function createHighlights(): Correction {
  /** Ranges as they are at this moment. */
  let ranges: readonly Json[] = [];
  /** Windows that have some. */
  const views = new Set<View>();

  function show(replayer: Replayer): void {
    for (const { CSS } of views) CSS.highlights.clear();
    views.clear();
    for (const { name, priority, id, from, end, to } of ranges) {
      const [start, stop] = [id, end].map((one) => replayer.getMirror().getNode(one as number));
      const view = start?.ownerDocument?.defaultView as View | null | undefined;
      const range = start && stop && rangeOf(start, Number(from), stop, Number(to));
      if (!range || !view?.CSS.highlights) continue;
      views.add(view);
      const { highlights } = view.CSS;
      const highlight = highlights.get(String(name)) ?? new view.Highlight();
      highlight.priority = Number(priority);
      highlights.set(String(name), highlight.add(range));
    }
  }

  return {
    restart() {
      ranges = [];
    },
    handler(event, isSync, { replayer }) {
      const elements = customPayload(event, TAG)?.['elements'];
      if (Array.isArray(elements)) ranges = elements.slice(0, MAX_RANGES).filter(isObject);
      const { type, data } = event as { type: unknown; data: unknown };
      const isChange = type === INCREMENTAL && isObject(data) && data['source'] === MUTATION; // which may bring their nodes
      if (!isSync && (elements || (isChange && ranges.length > 0))) show(replayer);
    },
    flush: show,
    show,
  };
}

/** Undefined where the nodes have no such places. */
function rangeOf(start: Node, from: number, end: Node, to: number): Range | undefined {
  try {
    const range = start.ownerDocument!.createRange();
    range.setStart(start, from);
    range.setEnd(end, to);
    return range;
  } catch {
    return undefined;
  }
}

import { createHooks } from './hooked-members';
import type { Recorded } from './index';
import type { LiveState, Root } from './live-state';
import { customEvent } from './recorded-nodes';

/** A custom event of rrweb's with this tag has what the page highlights; docs/recorder.md has its payload. */
export const HIGHLIGHTS_TAG = 'rrweb-store:highlights';

/** Protects the recording: no more ranges are told. */
const MAX_RANGES = 500;

const DOCUMENT = 9;

const HOOKED = { HighlightRegistry: ['set', 'delete', 'clear'], Highlight: ['add', 'delete', 'clear', 'priority'] };

/**
 * Follow what the page highlights by `CSS.highlights`. See `live-state.ts`.
 *
 * rrweb 2.1.6 records none of it; no issue names it yet. Right would be to record them as it does selections. This file can
 * go when `web/site/browser/highlights.test.ts` passes without it.
 */
export function watchHighlights({ emit, idOf }: Recorded, roots: ReadonlySet<Root>, changed: () => void): LiveState {
  let told = '[]';
  const { hookAll, enter, stop } = createHooks((page) => hookAll(page, HOOKED, () => changed()));

  return {
    events: [],
    entered: enter,
    tell(late, all) {
      const elements: object[] = [];
      for (const root of roots) {
        const view = root.nodeType === DOCUMENT && ((root as Document).defaultView as typeof globalThis | null);
        for (const [name, highlight] of (view && view.CSS.highlights) || []) {
          for (const { startContainer, startOffset, endContainer, endOffset } of highlight) {
            if (elements.length < MAX_RANGES) elements.push({ id: idOf(startContainer), from: startOffset, end: idOf(endContainer), to: endOffset, name, priority: highlight.priority });
          }
        }
      }
      if (all) told = '[]';
      const now = JSON.stringify(elements);
      if (now !== told) emit(customEvent(HIGHLIGHTS_TAG, { late, elements }));
      told = now;
    },
    stop,
  };
}

/**
 * Record the state of a page that no change of its tree tells: which elements stand in the top layer, which animations run
 * since when, and what else style rules ask of an element.
 *
 * rrweb 2.1.6 records of it the attribute `open` of dialogs. Right would be events of its own for both, with the state in
 * each full snapshot: https://github.com/rrweb-io/rrweb/issues/1701 asks for popovers, https://github.com/rrweb-io/rrweb/issues/1143
 * for animations. This file, `animations.ts` and `top-layer.ts` can go when `web/site/browser/moments.test.ts`,
 * `animations.test.ts` and `top-layer.test.ts` pass without them.
 */
import type { eventWithTime } from '@rrweb/types';
import { watchAnimations } from './animations';
import { watchElementStates } from './element-states';
import { watchHighlights } from './highlights';
import { createListening, safely } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { watchTopLayer } from './top-layer';

export type Root = Document | ShadowRoot;

/** A part of the state. */
export interface LiveState {
  /** Events of the page after which it may have changed. */
  readonly events: readonly string[];
  readonly heard?: (event: Event) => void;
  /** A document or a shadow tree is recorded from now on. */
  readonly entered?: (root: Root) => void;
  /** An element is recorded from now on, or has got another attribute. */
  readonly noted?: (element: Element, attributes: object, tagName?: string) => void;
  /**
   * Emit what has changed. After a full snapshot, emit all.
   *
   * @param late milliseconds since it has changed: the event has a later timestamp, since those of a recording never go back
   */
  readonly tell: (late: number, all: boolean) => void;
  readonly stop?: () => void;
}

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;
/** Mouse, touch, scroll and drag: they come often and change nothing by themselves. */
const MOVES = [1, 3, 6, 12];

export function watchLiveState(recorded: Recorded): Watcher {
  const { nodeOf } = recorded;
  const roots = new Set<Root>();
  let since = 0;
  let all = false;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listening = createListening();
  const parts: readonly LiveState[] = [watchTopLayer(recorded, roots, changed), watchAnimations(recorded, roots, changed), watchElementStates(recorded, changed), watchHighlights(recorded, roots, changed)];

  /** The state may have changed. It is read when the page has been drawn, since then no style needs to be computed for it. */
  function changed(timestamp = Date.now()): void {
    if (listening.isStopped()) return;
    since ||= timestamp;
    frame ||= requestAnimationFrame(() => (timer = setTimeout(safely(tell))));
  }

  function tell(): void {
    const [late, isAll] = [Math.max(0, Date.now() - since), all];
    frame = since = 0;
    all = false;
    for (const root of roots) if (!root.isConnected || !(root.ownerDocument ?? root as Document).defaultView) roots.delete(root);
    for (const part of parts) part.tell(late, isAll);
  }

  function hear(event: Event): void {
    for (const part of parts) if (part.events.includes(event.type)) part.heard?.(event);
    changed();
  }

  return {
    correct({ type, data, timestamp }: eventWithTime) {
      if (type === FULL_SNAPSHOT) {
        since = timestamp;
        all = true;
        roots.clear();
      }
      if (type === INCREMENTAL && data.source === MUTATION) {
        for (const { id, attributes } of data.attributes) {
          const live = nodeOf(id);
          if (live) for (const part of parts) part.noted?.(live as Element, attributes);
        }
      }
      if (type === FULL_SNAPSHOT || (type === INCREMENTAL && !MOVES.includes(data.source))) changed(timestamp);
    },
    entered(root) {
      roots.add(root);
      for (const part of parts) {
        for (const name of part.events) listening.listen(root, name, hear);
        part.entered?.(root);
      }
    },
    built({ attributes, tagName }, element) {
      for (const part of parts) part.noted?.(element, attributes, tagName);
    },
    stop() {
      listening.stop();
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      for (const part of parts) part.stop?.();
    },
  };
}

import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import type { Correction } from './corrections/correction';
import { INCREMENTAL, type Json, MOUSE_INTERACTION, MOUSE_MOVE, TOUCH_MOVE } from './event';
import { applyRules, canSetScrollbar } from './rules-for-view';
import { type Size, type View, viewOf, wholeView } from './view';

const TOUCH_START = 7;

/** A plugin for rrweb's player that tells which part of the page is seen, and makes the page as wide as it was. */
export function createSeenViews(onView: (view: View) => void): Correction & { resized: (size: Size) => void } {
  let view = wholeView({ width: 0, height: 0 });

  function show(replayer: Replayer): void {
    const { page, scrollbar } = view;
    replayer.iframe.width = String(canSetScrollbar() ? page.width : page.width - scrollbar);
    replayer.iframe.height = String(page.height);
    applyRules(replayer.iframe.contentDocument, view);
  }

  function set(next: View): void {
    view = next;
    onView(view);
  }

  return {
    /** The page has got this size. An event after that may say more. */
    resized: (size) => set({ ...wholeView(size), touch: view.touch }),
    handler(event, isSync, { replayer }) {
      const next = viewOf(event);
      if (next) set(next);
      pointAs(replayer, event, view.touch);
      if (next && !isSync) show(replayer);
    },
    show,
  };
}

/**
 * Shows touches as circles and the mouse as an arrow. rrweb looks only at the events that it was started with.
 *
 * @param isFinger the screen has no mouse: a browser adds its moves after each tap
 */
function pointAs({ wrapper }: Replayer, { type, data }: eventWithTime, isFinger: boolean): void {
  if ((type as number) !== INCREMENTAL) return;
  const { source, type: interaction } = data as Json;
  const isTouch = isFinger || source === TOUCH_MOVE || (source === MOUSE_INTERACTION && interaction === TOUCH_START);
  if (isTouch || source === MOUSE_MOVE) {
    wrapper.querySelector('.replayer-mouse')?.classList.toggle('touch-device', isTouch);
  }
}

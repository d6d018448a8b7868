import type { eventWithTime } from '@rrweb/types';
import { customEvent } from './corrections/recorded-nodes';
import { listen } from './listen';

/** A custom event of rrweb's with this tag says which part of the page the visitor sees; docs/recorder.md has its payload. */
export const VIEW_TAG = 'rrweb-store:view';

/** While fingers zoom, the view is told at most this often. */
const EVERY_MS = 100;
/** A browser's own bars take less of the height than a keyboard. */
const LEAST_KEYBOARD_PX = 100;
/** No scrollbar is wider: where the difference is larger, a phone shows more than the page is wide. */
const MAX_SCROLLBAR_PX = 40;

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const META = 4;
const VIEWPORT_RESIZE = 4;

/**
 * Emit the part of the page that is seen, unless it is all that rrweb's own events tell: a finger zooms, a keyboard covers
 * it, a scrollbar stands beside it.
 *
 * @returns `follow`, to be called with each of rrweb's events, and the function that ends it
 */
export function watchView(emit: (event: eventWithTime) => void): { follow: (event: eventWithTime) => void; stop: () => void } {
  const visual = window.visualViewport!;
  const touch = matchMedia('(pointer: coarse)').matches;
  /** By the width of the page, the greatest height that was seen: then there was no keyboard. */
  const tallest: Record<number, number> = {};
  let size: { width: number; height: number } | undefined;
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(timestamp = Date.now()): void {
    clearTimeout(timer);
    timer = undefined;
    const { clientWidth, clientHeight } = document.scrollingElement ?? document.documentElement;
    const [left, top, seenWidth, seenHeight] = [visual.offsetLeft, visual.offsetTop, visual.width, visual.height].map(Math.round) as Four;
    const width = Math.max(clientWidth, seenWidth);
    const shown = Math.round((visual.height * width) / visual.width); // as if it were not zoomed
    const covered = (tallest[width] = Math.max(tallest[width] ?? 0, shown)) - shown;
    const bar = innerWidth - width;
    const payload = {
      touch,
      width,
      height: Math.max(innerHeight, clientHeight, shown),
      scrollbar: bar > 0 && bar < MAX_SCROLLBAR_PX ? bar : 0,
      keyboard: touch && covered > LEAST_KEYBOARD_PX && document.activeElement !== document.body ? covered : 0,
      left,
      top,
      seenWidth,
      seenHeight,
    };
    const now = Object.values(payload).join();
    if (size && now !== told) emit(customEvent(VIEW_TAG, payload, timestamp));
    told = now;
  }

  const soon = (): void => void (timer ??= setTimeout(tell, EVERY_MS));
  const stopListening = listen(visual, { resize: soon, scroll: soon });
  const observer = new ResizeObserver(soon); // a scrollbar may come or go with the content
  observer.observe(document.documentElement);

  return {
    follow({ type, data, timestamp }) {
      const isResize = type === INCREMENTAL && (data as { source: number }).source === VIEWPORT_RESIZE;
      if (type === META || isResize) size = data as NonNullable<typeof size>;
      if (type !== FULL_SNAPSHOT && !isResize) return;
      told = `false,${size!.width},${size!.height},0,0,0,0,${size!.width},${size!.height}`; // what a watcher is shown by now
      tell(timestamp);
    },
    stop() {
      stopListening();
      observer.disconnect();
      clearTimeout(timer);
    },
  };
}

type Four = [number, number, number, number];

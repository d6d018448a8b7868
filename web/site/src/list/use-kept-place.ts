import { type RefObject, useLayoutEffect, useMemo, useRef } from 'react';
import { createKept } from '../kept';
import { isReturning } from '../routing/location';

/** Where a list was left. */
interface Place {
  /** The first recording on the screen, and how far from its top edge that is, in pixels. */
  readonly recordingId: string;
  readonly topPx: number;
  /** How many recordings were loaded. */
  readonly count: number;
  /** The recording that was opened. */
  readonly opened?: string | undefined;
}

const places = createKept(() => sessionStorage, 'rrweb-store:place:', isPlace);
/** Protects the API: a list is loaded up to here again. */
const MAX_COUNT = 300;
/** What comes onto the screen gets its height as it is drawn, in the next frame, and may bring others onto it. */
const SETTLED_FRAMES = 4;

/** The place in which a list was left, if the user comes back to it. */
export function useKeptPlace(list: string): Place | undefined {
  return useMemo(() => {
    const place = isReturning() ? places.get(list) : undefined;
    return place && { ...place, count: Math.min(place.count, MAX_COUNT) };
  }, [list]);
}

/**
 * Keeps in which place of the list the screen is, by its first recording, since new ones may come above it. Goes to the
 * place that was kept once its recording is loaded, and focuses the recording that was opened there.
 */
export function usePlace(list: string, items: RefObject<HTMLUListElement | null>, count: number, kept: Place | undefined): void {
  const done = useRef<Place>(undefined);
  useLayoutEffect(() => {
    if (!kept || done.current === kept) return;
    const item = itemOf(items.current, kept.recordingId);
    if (!item) return;
    done.current = kept;
    itemOf(items.current, kept.opened)?.querySelector<HTMLElement>('.open')?.focus({ preventScroll: true });
    let frames = 0;
    function go(): void {
      if (!item!.isConnected) return;
      scrollBy({ top: item!.getBoundingClientRect().top - kept!.topPx, behavior: 'instant' });
      frames += 1;
      if (frames < SETTLED_FRAMES) requestAnimationFrame(go);
    }
    go();
  }, [kept, items, count]);
  useLayoutEffect(() => {
    history.scrollRestoration = 'manual'; // of this entry of the history
    let place: Place | undefined;
    const note = (): void => {
      place = placeIn(items.current);
    };
    const keep = (): void => {
      if (!place) note();
      if (place) places.set(list, place);
    };
    function onClick(event: MouseEvent): void {
      const opened = event.target instanceof Element ? event.target.closest<HTMLElement>('.listed > li')?.dataset['id'] : undefined;
      if (!opened) return;
      note();
      if (place) place = { ...place, opened };
    }
    addEventListener('scroll', note, { passive: true });
    addEventListener('click', onClick, { capture: true });
    addEventListener('pagehide', keep);
    return () => {
      keep();
      removeEventListener('scroll', note);
      removeEventListener('click', onClick, { capture: true });
      removeEventListener('pagehide', keep);
      history.scrollRestoration = 'auto';
    };
  }, [list, items]);
}

function itemOf(list: HTMLUListElement | null, recordingId: string | undefined): HTMLElement | undefined {
  return recordingId === undefined ? undefined : childrenOf(list).find(({ dataset }) => dataset['id'] === recordingId);
}

function childrenOf(list: HTMLUListElement | null): HTMLElement[] {
  return [...(list?.children ?? [])] as HTMLElement[];
}

/** The first recording whose lower edge is on the screen, by halving. */
function placeIn(list: HTMLUListElement | null): Place | undefined {
  const children = childrenOf(list);
  let [low, high] = [0, children.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (children[middle]!.getBoundingClientRect().bottom > 0) high = middle;
    else low = middle + 1;
  }
  const first = children[low];
  const recordingId = first?.dataset['id'];
  return first && recordingId ? { recordingId, topPx: Math.round(first.getBoundingClientRect().top), count: children.length } : undefined;
}

function isPlace(value: unknown): value is Place {
  const place = value as Partial<Place> | null;
  return typeof place?.recordingId === 'string' && typeof place.topPx === 'number' && typeof place.count === 'number';
}

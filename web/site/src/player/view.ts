import { customPayload } from './event';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the visitor's screen showed of the page. Lengths are pixels of the page's CSS. */
export interface View {
  /** The screen was worked by fingers: a phone or a tablet. */
  readonly touch: boolean;
  /** The window that the page is laid out in, with its scrollbar. */
  readonly page: Size;
  /** Width of the scrollbar at its right, which is part of its width. */
  readonly scrollbar: number;
  /** The part of the page that was seen, by its distance from the page's window. */
  readonly seen: Size & { readonly left: number; readonly top: number };
  /** How much larger than unzoomed that part was seen. */
  readonly zoom: number;
  /** Height of the keyboard below that part, unzoomed. */
  readonly keyboard: number;
}

/** Custom events of the recorder with this tag hold one: docs/recorder.md. */
const VIEW_TAG = 'rrweb-store:view';
const MAX_PX = 1_000_000;
/** No browser zooms further by fingers. */
const MAX_ZOOM = 20;

/** All of a window of that size. */
export function wholeView(page: Size): View {
  return { touch: false, page, scrollbar: 0, seen: { left: 0, top: 0, ...page }, zoom: 1, keyboard: 0 };
}

/** The view that an event tells of; undefined of any other event, and of one that cannot be true. */
export function viewOf(event: { type: unknown; data?: unknown }): View | undefined {
  const payload = customPayload(event, VIEW_TAG);
  if (!payload) return undefined;
  const { touch } = payload;
  const [width, height, scrollbar, keyboard, left, top, seenWidth, seenHeight] = NUMBERS.map((name) => payload[name]);
  if (!isLength(width, 1) || !isLength(height, 1) || !isLength(seenWidth, 1) || !isLength(seenHeight, 1)) return undefined;
  if (!isLength(scrollbar) || !isLength(keyboard) || !isLength(left) || !isLength(top)) return undefined;
  const zoom = width / seenWidth;
  if (zoom > MAX_ZOOM || seenWidth > width || seenHeight > height || keyboard > 2 * height || scrollbar > width) return undefined;
  return {
    touch: touch === true,
    page: { width: width + scrollbar, height },
    scrollbar,
    seen: { left: Math.min(left, width - seenWidth), top: Math.min(top, height - seenHeight), width: seenWidth, height: seenHeight },
    zoom,
    keyboard,
  };
}

const NUMBERS = ['width', 'height', 'scrollbar', 'keyboard', 'left', 'top', 'seenWidth', 'seenHeight'] as const;

function isLength(value: unknown, least = 0): value is number {
  return typeof value === 'number' && value >= least && value <= MAX_PX;
}

/** The visitor's screen, in unzoomed pixels: the part that was seen, and the keyboard below it. */
export function screenOf({ seen, zoom, keyboard }: View): Size {
  return { width: Math.max(1, seen.width * zoom), height: Math.max(1, seen.height * zoom + keyboard) };
}

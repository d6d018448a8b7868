import type { eventWithTime } from '@rrweb/types';
import { attributesEvent } from './corrections/recorded-nodes';

/** Elements that show a picture or play a medium. */
export const isPicture = (tag: string): boolean => /^(?:img|video|audio|canvas|object|embed)$/i.test(tag);

/** The size that the element has in the page, in pixels of CSS; undefined if it is not shown. */
export function sizeOf(element: Element): { width: string; height: string } | undefined {
  const { width, height } = element.ownerDocument.defaultView!.getComputedStyle(element);
  return width.endsWith('px') ? { width, height } : undefined;
}

/** The size of what a picture, a film, an `<object>` or an `<embed>` shows by itself, if it shows something; of a button with a picture, its own. */
export function naturalSizeOf(element: Element): { width: number; height: number } | undefined {
  const { naturalWidth, naturalHeight, videoWidth, videoHeight } = element as HTMLImageElement & HTMLVideoElement;
  const inner = (/^(?:object|embed)$/.test(element.localName) || (element as HTMLInputElement).type === 'image') && showsFile(element) && sizeOf(element);
  const width = inner ? parseFloat(inner.width) : (naturalWidth ?? videoWidth);
  return width > 0 ? { width, height: inner ? parseFloat(inner.height) : (naturalHeight ?? videoHeight) } : undefined;
}

/** Whether an `<object>` or `<embed>` is seen, and none of what is in it, which is seen in place of a file that is not there. */
function showsFile(element: Element): boolean {
  const inside = element.ownerDocument.createRange();
  inside.selectNodeContents(element);
  return element.getClientRects().length > 0 && inside.getClientRects().length < 1;
}

/**
 * Emit the size of each hidden picture that is loaded from now on, since a snapshot may come before it.
 *
 * @param idOf rrweb's id of an element whose picture is hidden; -1 of others
 * @returns the function that ends it
 */
export function watchPictures(idOf: (element: Element) => number, emit: (event: eventWithTime) => void): () => void {
  function onLoad({ target }: Event): void {
    const id = target instanceof Element && isPicture(target.tagName) ? idOf(target) : -1;
    const style = id > 0 && sizeOf(target as Element);
    if (!style) return;
    emit(attributesEvent(id, { style }));
  }
  document.addEventListener('load', onLoad, true); // it does not bubble
  return () => document.removeEventListener('load', onLoad, true);
}

import { showInstead } from '../resources/resource-elements';

/** Larger ones are none that a page has. */
const MAX_PX = 100_000;
/** Browsers round. */
const NEAR_PX = 0.5;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size that an event tells of a picture; undefined if it tells none. */
export function sizeOf(width: unknown, height: unknown): Size | undefined {
  return isLength(width) && isLength(height) ? { width, height } : undefined;
}

const isLength = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MAX_PX;

/** A picture of this size of which nothing is seen. */
const blank = ({ width, height }: Size): string => `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`)}`;

/**
 * Gives an element whose picture, film or other file the replay lacks the size that it had, by a picture of which nothing is
 * seen: rules of the page work with it as they did.
 *
 * rrweb 2.1.6 records the addresses of such files, and sizes of blocked elements alone; no issue names it yet. Right would be
 * to record the natural size of each. The recorder's `corrections/element-states.ts` tells it.
 *
 * web/site/browser/embedded.test.ts says when this can go.
 */
export function setSize(element: Element, size: Size | undefined): void {
  const { localName } = element;
  if (localName === 'img') setPicture(element as HTMLImageElement, size);
  if (localName === 'video') setPoster(element as HTMLVideoElement, size);
  if ((element as HTMLInputElement).type === 'image') setButton(element as HTMLInputElement, size);
  if (/^(?:object|embed)$/.test(localName)) setBox(element as HTMLObjectElement | HTMLEmbedElement, size);
}

const pictures = new WeakMap<HTMLImageElement, Size | undefined>();

function setPicture(picture: HTMLImageElement, size: Size | undefined): void {
  if (!pictures.has(picture)) picture.addEventListener('error', () => fill(picture));
  pictures.set(picture, size);
  if (size) picture.loading = 'eager'; // it was seen
  fill(picture);
}

/** Unless it has loaded, or may do so yet. */
function fill(picture: HTMLImageElement): void {
  const size = pictures.get(picture);
  if (size && picture.complete && picture.naturalWidth === 0) showInstead(picture, blank(size));
}

const buttons = new WeakMap<HTMLInputElement, Size | undefined>();

function setButton(button: HTMLInputElement, size: Size | undefined): void {
  const isNew = !buttons.has(button);
  buttons.set(button, size);
  if (!isNew || !size) return;
  button.addEventListener('error', () => {
    const now = buttons.get(button);
    if (now) showInstead(button, blank(now));
  });
  const src = button.getAttribute('src');
  if (src) button.setAttribute('src', src); // its browser may have failed already, and tells of it again
}

/** The blank posters of films without one. */
const posters = new WeakMap<HTMLVideoElement, string>();

function setPoster(film: HTMLVideoElement, size: Size | undefined): void {
  if ((film.getAttribute('poster') ?? undefined) !== posters.get(film)) return;
  if (size) film.setAttribute('poster', blank(size));
  else film.removeAttribute('poster');
  if (size) posters.set(film, blank(size));
  else posters.delete(film);
}

const boxes = new WeakSet<Element>();

function setBox(element: HTMLObjectElement | HTMLEmbedElement, size: Size | undefined): void {
  const { style, localName } = element;
  if (size) boxes.add(element);
  else if (!boxes.delete(element)) return;
  if (localName === 'embed') element.type = 'image/png'; // without one it is not there
  if (size) style.setProperty('content', `url("${blank(size)}")`); // in place of what is in the element
  else style.removeProperty('content');
  for (const name of ['width', 'height'] as const) {
    if (!size) style.removeProperty(name);
    else if (Math.abs(parseFloat(element.ownerDocument.defaultView!.getComputedStyle(element)[name]) - size[name]) > NEAR_PX) style.setProperty(name, `${size[name]}px`);
  }
}

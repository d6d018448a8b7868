import { isAskedFor, setAside } from '../replaced-states';
import type { ResourceStore } from './resource-store';

/** Attributes with one address, by element. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  body: ['background'],
  feImage: ['href', 'xlink:href'],
  image: ['href', 'xlink:href'],
  input: ['src'],
  table: ['background'],
  td: ['background'],
  th: ['background'],
  use: ['href', 'xlink:href'],
  video: ['poster'],
};
/** The recorder's attribute of a picture with several sources: the address of the one that was shown. */
const CURRENT = 'data-rr-current';
const CANDIDATE = /(?:^|,)\s*(\S*[^\s,])([^,]*)/g;

/** Puts the bytes that the recording has in place of the addresses of an element. */
export function showResources(element: Element, store: ResourceStore): void {
  const { localName } = element;
  if (localName === 'img') showPicture(element as HTMLImageElement, store);
  for (const name of ADDRESSES[localName] ?? []) showAddress(element, name, store);
  const style = element.getAttribute('style');
  if (style?.includes('url(')) {
    const shown = withUrls(style, store);
    if (shown !== style) element.setAttribute('style', shown);
  }
}

function showAddress(element: Element, name: string, store: ResourceStore): void {
  const address = recordedOf(element, name);
  const url = address && store.urlOf(address);
  if (!url) return;
  const hash = element.localName === 'use' ? (/#.*/s.exec(address)?.[0] ?? '') : '';
  change(element, name, url + hash);
}

/** Style rules may ask for the address that was recorded, as in `img[src$="dark.svg"]`. */
function keepForRules(element: Element, name: string, recorded: string | null): void {
  if (!isAskedFor(name)) return;
  if (recorded === null) element.removeAttribute(setAside(name));
  else element.setAttribute(setAside(name), recorded);
}

const sourcesOf = ({ parentElement }: Element): Element[] =>
  parentElement?.localName === 'picture' ? [...parentElement.children].filter(({ localName }) => localName === 'source') : [];

/** Shows this in place of a picture that has an address, or of a button's, until its bytes are there. */
export function showInstead(picture: HTMLImageElement | HTMLInputElement, url: string): void {
  const elements = [...sourcesOf(picture), picture];
  if (!elements.some((element) => candidatesOf(element).length > 0)) return;
  for (const element of elements) change(element, 'srcset', null);
  change(picture, 'src', url);
}

/**
 * Shows the source that was shown, by the attribute of the element that named it: its density counts too. Which one that is
 * may become known after another one was taken for it.
 */
function showPicture(picture: HTMLImageElement, store: ResourceStore): void {
  const sources = sourcesOf(picture);
  const candidates = [...sources, picture].flatMap((element) => candidatesOf(element));
  const current = picture.getAttribute(CURRENT);
  const shown = candidates.find(({ address }) => address === current) ?? candidates.find(({ address }) => store.has(address));
  const url = shown && store.urlOf(shown.address);
  if (!url) return;
  for (const element of [...sources, picture]) {
    if (element !== shown.element || shown.name === 'src') change(element, 'srcset', null);
  }
  if (shown.name === 'srcset') change(picture, 'src', null); // on a coarser screen it would come before a source of a higher density
  change(shown.element, 'media', null);
  change(shown.element, shown.name, url + shown.descriptor);
  picture.removeAttribute('loading'); // it was seen
}

/** What was recorded of attributes that were changed, and what they were changed to. */
const changed = new WeakMap<Element, Map<string, { readonly recorded: string | null; readonly shown: string | null }>>();

function recordedOf(element: Element, name: string): string | null {
  const value = element.getAttribute(name);
  const own = changed.get(element)?.get(name);
  return own && own.shown === value ? own.recorded : value; // else rrweb has set another one since
}

function change(element: Element, name: string, shown: string | null): void {
  const own = changed.get(element) ?? new Map<string, { recorded: string | null; shown: string | null }>();
  const recorded = recordedOf(element, name);
  changed.set(element, own.set(name, { recorded, shown }));
  keepForRules(element, name, recorded);
  if (element.getAttribute(name) === shown) return;
  if (shown === null) element.removeAttribute(name);
  else element.setAttribute(name, shown);
}

interface Candidate {
  readonly element: Element;
  readonly name: 'src' | 'srcset';
  readonly address: string;
  /** Of `srcset`: a blank, and a density or a width. */
  readonly descriptor: string;
}

function candidatesOf(element: Element): Candidate[] {
  const set = [...(recordedOf(element, 'srcset') ?? '').matchAll(CANDIDATE)].map(
    ([, address = '', descriptor = '']): Candidate => ({ element, name: 'srcset', address, descriptor }),
  );
  const src = /^(?:img|input)$/.test(element.localName) ? recordedOf(element, 'src') : null;
  return src ? [...set, { element, name: 'src', address: src, descriptor: '' }] : set;
}

const URLS = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)/gi;

const SETS = /image-set\(((?:[^()]|\([^()]*\))*)\)/gi;
const COMMA = /,(?![^(]*\))/;

/** The CSS with the URLs that the recording has the bytes of; of a set those alone, since the watcher's screen may ask for others. */
export const withUrls = (css: string, store: ResourceStore): string =>
  css
    .replace(URLS, (whole, double?: string, single?: string, bare = '') => {
      const url = store.urlOf((double ?? single ?? bare).trim());
      return url ? `url("${url}")` : whole;
    })
    .replace(SETS, (whole, options: string) => {
      const there = options.split(COMMA).filter((option) => option.includes('url("blob:'));
      return there.length > 0 ? `image-set(${there.join()})` : whole;
    });

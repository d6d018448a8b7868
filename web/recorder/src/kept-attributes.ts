import { isKeyword, maskedCss, maskedText } from './masked-text';
import { type Places, type Treatment, attributeOf } from './place';
import { type AddressOptions, shownAddress } from './shown-address';

export type Attributes = Record<string, unknown>;

/** What style sheets, layout and drawing need; ids, classes and names are among it. */
const LOOK =
  /^(?:class|id|name|for|type|rel|media|dir|lang|hidden|popover|width|height|cols|rows|size|(?:col|row)?span|wrap|v?align|border|cell\w+|bgcolor|color|face|start|charset|http-equiv|slot|part|is|role|contenteditable|tabindex|xmlns.*|version|viewBox|preserveAspectRatio|d|points|transform|offset|(?:path|text)Length|marker\w+|[xy][12]?|[cfdr][xy]|r|ref[XY]|orient|\w+(?:Units|Transform)|in2?|result|stdDeviation|values|attributeName|begin|dur|repeatCount|data-privacy|data-rr-is-password|rr_(?:width|height|open_mode))$/;
/** What a person reads, or hears from a screen reader. */
const READABLE = /^(?:title|alt|summary|abbr|content|aria-(?:\w*(?:label|description)|value\w+|placeholder))$/;
/** What a field shows: it stays as asterisks at every level. */
const SHOWN = /^(?:placeholder|label|value)$/;
const NUMBERS = /^(?:value|min|max|low|high|optimum)$/;
const HAS_NUMBERS = /^(?:li|progress|meter)$/;
const PAGE_SETTING = /^(?:viewport|color-scheme|theme-color)$/i;
const ADDRESS = /^(?:(?:xlink:)?href|src|srcset|imagesrcset|action|formaction|poster|data|background|cite|longdesc|manifest|rr_src|rr_dataURL)$/;
const PICTURE_ADDRESS = /^(?:srcset|imagesrcset|poster|background|rr_dataURL)$/;
const PICTURE = /^(?:img|source|video|audio|track|image|feimage|use|input)$/;
const DIALLED = /^(?:mailto|tel|sms):/;
const SVG = 'http://www.w3.org/2000/svg';

/**
 * Remove from the attributes of an element what may not leave the page, and mask what may only be seen as asterisks.
 *
 * @param tag in lower case
 * @param element the element itself; null if it is in another process
 */
export function keepAttributes(
  tag: string,
  attributes: Attributes,
  element: Element | null,
  treatment: Exclude<Treatment, 'block'>,
  { masksValues }: Pick<Places, 'masksValues'>,
  options: AddressOptions,
): void {
  const isPrivate = treatment === 'private';
  const isMasked = isPrivate || treatment === 'text';
  const withPictures = !isPrivate;
  const own = (name: string): string => (element ? attributeOf(element, name) : (attributes[name] as string | null)) ?? '';

  for (const [name, value] of Object.entries(attributes)) {
    // A frame's document is recorded by itself, masked; and nothing is sent to `ping` in a replay.
    const kept = name === 'srcdoc' || name === 'ping' ? undefined : keptValue(name, value);
    if (kept === undefined) delete attributes[name];
    else attributes[name] = kept;
  }

  function keptValue(name: string, value: unknown): unknown {
    if (name === 'style' && value && typeof value === 'object') return isMasked ? keptStyles(value as Attributes) : value;
    if (!value || typeof value !== 'string') return value;
    if (tag === 'meta' && name === 'content' && !isMasked) return keptContent(value);
    if (ADDRESS.test(name)) return keptAddress(name, value);
    if (name === 'value' && tag.includes('-') && masksValues(treatment)) return maskedText(value);
    return isMasked ? masked(name, value) : value;
  }

  /** The content of a `meta` element, which may be an address, or a time and the address that follows. */
  function keptContent(value: string): string {
    return /^\s*https?:/.test(value) ? shownAddress(value, options) : value.replace(/^(\s*\d+)\s*[;,].*/s, '$1');
  }

  function masked(name: string, value: string): string | undefined {
    if (name === '_cssText' || name === 'style') return maskedCss(value, withPictures);
    if (LOOK.test(name) || (NUMBERS.test(name) && HAS_NUMBERS.test(tag))) return value;
    if (tag === 'meta' && PAGE_SETTING.test(own('name'))) return value;
    if (isTypedValue(name)) return value; // rrweb has masked it, perhaps by a function of the page's own
    if (element?.namespaceURI === SVG && isStyle(name, value)) return maskedCss(value, withPictures, name);
    if (SHOWN.test(name)) return maskedText(value);
    if (isPrivate) return !name.startsWith('data-') && (value === name || /^(?:true|false|mixed)$/.test(value)) ? value : undefined;
    return READABLE.test(name) || !isKeyword(value) ? maskedText(value) : value;
  }

  function isTypedValue(name: string): boolean {
    return name === 'value' && /^(?:input|textarea|select)$/.test(tag) && !/^(?:radio|checkbox|submit|button)$/i.test(own('type'));
  }

  function keptAddress(name: string, value: string): string | undefined {
    const isLink = /^(?:a|area)$/.test(tag);
    const written = own(name);
    if (written.startsWith('#')) return isPrivate && isLink ? '#' : written; // rrweb has made it absolute
    const isStyleSheet = tag === 'link' && /\bstylesheet\b/i.test(own('rel'));
    const isLook =
      isStyleSheet || PICTURE_ADDRESS.test(name) || (PICTURE.test(tag) && /src|href/.test(name)) || (tag === 'link' && /\b(?:icon|preload)\b/i.test(own('rel')));
    if (isPrivate) return isStyleSheet ? value : isLink ? '#' : undefined; // a link without address looks like text
    if (isLook) return tag === 'canvas' && isMasked ? undefined : value;
    if (isMasked && DIALLED.test(value)) return value.replace(/:.*/s, ':');
    return shownAddress(value, options, element?.baseURI);
  }

  /** rrweb's difference of two inline styles: a value, a value with its priority, or false. */
  function keptStyles(styles: Attributes): Attributes {
    const kept = ([property, value]: [string, unknown]): [string, unknown] => [
      property,
      typeof value === 'string' ? maskedCss(value, withPictures, property) : Array.isArray(value) ? [maskedCss(String(value[0]), withPictures, property), value[1]] : value,
    ];
    return Object.fromEntries(Object.entries(styles).map(kept));
  }
}

/** Whether an attribute of SVG says what CSS could say too; its lengths need no unit. */
const isStyle = (name: string, value: string): boolean => CSS.supports(name, value) || CSS.supports(name, `${value}px`);

import { saysWhatIsChosen } from './corrections/chosen-option';
import { INCOMPLETE } from './corrections/sheet-text';
import { CREDENTIAL, type LookOptions, lookAddress, noteRecorded, resourceAddress, resourceSet, withoutCredentials } from './look-address';
import { isKeyword, isLook, isSize, maskedCss, maskedText } from './masked-text';
import { type Places, type Treatment, attributeOf, isMasked as isMaskedAt } from './place';
import { shownAddress } from './shown-address';
import { typedValues } from './typed-values';

export type Attributes = Record<string, unknown>;

/** What a person reads, or hears from a screen reader. */
const READABLE = /^(?:title|alt|summary|abbr|content|aria-(?:\w*(?:label|description)|value\w+|placeholder))$/;
/** What a field shows: it stays as asterisks at every level. */
const SHOWN = /^(?:placeholder|label|value)$/;
const NUMBERS = /^(?:value|min|max|low|high|optimum)$/;
const HAS_NUMBERS = /^(?:progress|meter)$/;
/**
 * A frame's document is recorded by itself, masked; nothing is sent to `ping` in a replay; and scripts are never stored, but
 * that there is one: rules ask for it. An attribute without a value, such as `online`, is no script. An empty `srcdoc` would
 * take the place of the document in the players of others, so ours has it under the name by which it asks.
 */
const NEVER = /^(?:srcdoc|ping|on.+)$/;
const SET_ASIDE = 'data-store-own-srcdoc';
/** An address with a query or a hash; also a relative one, if that names a parameter. */
const ASKS = /^(?:(?:[a-z][\w+.-]*:\/)?\/[^\s?#]*[?#]|[^\s?#{[]*[?#][^\s=]*=\S*$)/i;
const PAGE_SETTING = /^(?:viewport|color-scheme|theme-color)$/i;
/** By tag and name: elements of a page's own keep other things in some of them. */
const ADDRESS =
  /^(?:\S* (?:(?:xlink:)?href|src|srcset|imagesrcset|formaction|poster|rr_src|rr_dataURL|data-rr-current)|form action|object data|(?:body|t\w+) background|(?:q|blockquote|ins|del) cite|img longdesc|html manifest)$/;
/** What a link loads early and shows. */
const PRELOADED = /^(?:image|font|style|)$/i;
const PICTURE_ADDRESS = /^(?:srcset|imagesrcset|poster|background|rr_dataURL|data-rr-current)$/;
const PICTURE = /^(?:img|source|video|audio|track|image|feimage|use|input)$/;
/** Of these the bytes are stored: not of videos and sounds. */
const STORED_ADDRESS = /^(?:poster|background|data-rr-current)$/;
const STORED = /^(?:img|image|feimage|use|input)$/;
/** What an animation of SVG gives an attribute: no replay animates an address. */
const ANIMATED = /^(?:values|from|to|by)$/;
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
  options: LookOptions,
): void {
  for (const name in attributes) {
    if (name !== 'class' && name !== 'id') return keepEach(tag, attributes, element, treatment, masksValues, options);
  }
}

/** Most elements need none of its functions, and a page may add thousands at once. */
function keepEach(
  tag: string,
  attributes: Attributes,
  element: Element | null,
  treatment: Exclude<Treatment, 'block'>,
  masksValues: Places['masksValues'],
  options: LookOptions,
): void {
  const isPrivate = treatment === 'private';
  const isMasked = isMaskedAt(treatment);
  const own = (name: string): string => (element ? attributeOf(element, name) : (attributes[name] as string | null)) ?? '';

  for (const [name, value] of Object.entries(attributes)) {
    const kept = value && NEVER.test(name) ? (isPrivate || name[0] !== 'o' ? undefined : '') : keptValue(name, value);
    if (value && name === 'srcdoc' && !isPrivate) attributes[SET_ASIDE] = '';
    if (kept === undefined) delete attributes[name];
    else attributes[name] = kept;
  }

  function keptValue(name: string, value: unknown): unknown {
    if (name === 'style' && value && typeof value === 'object') return keptStyles(value as Attributes);
    if (saysWhatIsChosen(tag, name) && masksValues(treatment)) return undefined;
    if (isPrivate && value === '' && name.startsWith('data-')) return undefined; // the name says it all
    if (!value || typeof value !== 'string') return value;
    if (tag === 'link' && name === '_cssText' && element && INCOMPLETE.test(value)) useSheet((element as HTMLLinkElement).href, true);
    if (name === '_cssText' || name === 'style') return keptCss(value);
    if (tag === 'meta' && name === 'content' && !isMasked) return keptContent(value);
    if (ANIMATED.test(name) && (/href/.test(own('attributeName')) || (isMasked && /url\(/.test(value)))) return undefined;
    if (ADDRESS.test(`${tag} ${name}`)) return keptAddress(name, value);
    if (name === 'value' && tag.includes('-') && masksValues(treatment)) return maskedText(value);
    return isMasked ? masked(name, value) : treatment === 'open' || saysHowItLooks(name, value) ? value : shown(name, value);
  }

  function keptCss(css: string, property?: string): string {
    return sanitizedCss(css, treatment, options, property);
  }

  /** The value at level `inputs`. */
  function shown(name: string, value: string): string {
    if (isTypedValue(name)) return value;
    if (CREDENTIAL.test(name)) return maskedText(value);
    return typedValues.hide(withoutCredentials(ASKS.test(value) ? value.replace(/[?#].*/s, '') : value));
  }

  function saysHowItLooks(name: string, value: string): boolean {
    return isLook(name, value, !element || element.namespaceURI === SVG) && !isFrameName(name);
  }

  /** A page may write there what a frame should know. */
  function isFrameName(name: string): boolean {
    return name === 'name' && /^(?:iframe|frame|object)$/.test(tag);
  }

  /** The content of a `meta` element, which may be an address, or a time and the address that follows. */
  function keptContent(value: string): string {
    if (CREDENTIAL.test(own('name'))) return maskedText(value);
    if (/^\s*https?:/.test(value)) return shownAddress(value, options);
    return shown('content', value.replace(/^(\s*\d+)\s*[;,].*/s, '$1'));
  }

  function masked(name: string, value: string): string | undefined {
    if (isFrameName(name)) return undefined;
    if (saysHowItLooks(name, value) || (NUMBERS.test(name) && isSize(value) && (tag === 'li' || (HAS_NUMBERS.test(tag) && !isPrivate)))) return value;
    if (tag === 'meta' && PAGE_SETTING.test(own('name'))) return value;
    if (isTypedValue(name)) return value; // rrweb has masked it, perhaps by a function of the page's own
    if (element?.namespaceURI === SVG && isStyle(name, value)) return keptCss(value, name);
    if (SHOWN.test(name)) return maskedText(value);
    if (isPrivate) return !name.startsWith('data-') && (value === name || /^(?:true|false|mixed)$/.test(value)) ? value : undefined;
    return READABLE.test(name) || !isKeyword(value) ? maskedText(value) : typedValues.hide(value);
  }

  function isTypedValue(name: string): boolean {
    return name === 'value' && isField(tag, own('type'));
  }

  function keptAddress(name: string, value: string): string | undefined {
    const isLink = /^(?:a|area)$/.test(tag);
    const written = own(name);
    if (written.startsWith('#')) return isLink ? (isPrivate ? '#' : typedValues.hide(written.replace(/[/?=&].*/s, ''))) : typedValues.hide(written); // rrweb has made it absolute
    const isStyleSheet = tag === 'link' && /\bstylesheet\b/i.test(own('rel'));
    const isLook =
      isStyleSheet || PICTURE_ADDRESS.test(name) || (PICTURE.test(tag) && /src|href/.test(name)) || (tag === 'link' && /\b(?:icon|preload)\b/i.test(own('rel')) && PRELOADED.test(own('as')));
    if (isPrivate && !isStyleSheet) return isLink ? '#' : undefined; // a link without address looks like text
    if (isLook) return tag === 'canvas' && isMasked ? undefined : keptLook(name, value, isStyleSheet);
    if (isMasked && DIALLED.test(value)) return value.replace(/:.*/s, ':');
    const shown = shownAddress(value, options, element?.baseURI);
    if (!isLink) return noteRecorded(shown); // a link loads nothing
    const path = written.replace(/[?#].*/s, ''); // for which rules ask
    return path && shown.endsWith(path) ? path : shown;
  }

  function useSheet(address: string, isIncomplete?: boolean): string {
    const shown = lookAddress(address, isMasked, options);
    options.resources?.useSheet(element as HTMLLinkElement, shown, isIncomplete);
    return shown;
  }

  function keptLook(name: string, value: string, isStyleSheet: boolean): string {
    if (name === 'srcset') return resourceSet(value, isMasked, options, element?.baseURI);
    if (STORED_ADDRESS.test(name) || STORED.test(tag)) return resourceAddress(value, isMasked, options, element?.baseURI);
    return isStyleSheet && element && name === 'href' ? useSheet(value) : lookAddress(value, isMasked, options);
  }

  /** rrweb's difference of two inline styles: a value, a value with its priority, or false. */
  function keptStyles(styles: Attributes): Attributes {
    const kept = ([property, value]: [string, unknown]): [string, unknown] => [
      property,
      typeof value === 'string' ? keptCss(value, property) : Array.isArray(value) ? [keptCss(String(value[0]), property), value[1]] : value,
    ];
    return Object.fromEntries(Object.entries(styles).map(kept));
  }
}

/** Whether the attribute `value` of an element is what a person has typed or chosen. */
export const isField = (tag: string, type: string): boolean => /^(?:input|textarea|select)$/.test(tag) && !/^(?:radio|checkbox|submit|button)$/i.test(type);

/** A style sheet, or a piece of one, as it may leave the page. */
export function sanitizedCss(css: string, treatment: Treatment, options: LookOptions, property?: string): string {
  const isMasked = isMaskedAt(treatment);
  if (treatment !== 'open') css = property?.startsWith('--') ? typedValues.hide(css) : typedValues.hideInCss(css);
  const shown = (address: string): string => resourceAddress(address, isMasked, options);
  if (isMasked) return maskedCss(css, treatment === 'text', shown, property);
  return css.replace(FILES, (_, before: string, double?: string, single?: string, bare = '') => {
    if (double ?? single) return before + (double === undefined ? `'${shown(single!)}'` : `"${shown(double)}"`);
    return before + (/["']/.test(bare) ? lookAddress(bare, false, options) : shown(bare));
  });
}

/** Files of a style sheet, quoted or not; also what is not closed, since a style sheet may come in pieces. */
const FILES = /((?:\burl\(|(?:@import|image-set\()(?=\s*["']))\s*)(?:"([^"\n]*)"|'([^'\n]*)'|([^)]*))/gi;

/** Whether an attribute of SVG says what CSS could say too; its lengths need no unit. */
const isStyle = (name: string, value: string): boolean => CSS.supports(name, value) || CSS.supports(name, `${value}px`);

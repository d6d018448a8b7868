import { maskedCss, maskedText } from './masked-text';
import type { Resources } from './resources';
import type { AddressOptions } from './shown-address';
import { typedValues } from './typed-values';

export interface LookOptions extends AddressOptions {
  /** Gets the bytes of what is shown. */
  readonly resources?: Pick<Resources, 'isOn' | 'use' | 'useSheet' | 'watch'> | undefined;
}

/** The name of a parameter or an attribute whose value is a credential. */
export const CREDENTIAL =
  /(?:^|[-_.])(?:\w*(?:token|nonce|secret\w*|sess(?:ion)?(?:id)?)|passw\w*|pwd|[cx]srf\w*|jwt|auth(?:orization|key)?|(?:api|access)[-_]?key\w*|sig(?:nature)?|credential|sid|otp)(?=$|[-_.])/i;

/** A name and its value, as a query, JSON or a script has them, the quotes perhaps escaped; not a file with line and column. */
const NAMED = /\b([\w.-]{1,40})(["'\\]*\s*(?:=|:(?!\d+:))[\s"'\\]*)([^"'\\&,;#?=}>]+)/g;

/** A text with asterisks for the values of what it names a credential. */
export const withoutCredentials = (text: string): string =>
  text.replace(NAMED, (all, name: string, sign: string, value: string) => (CREDENTIAL.test(name) ? name + sign + maskedText(value) : all));

/** Protects the page's memory. */
const MAX_RECORDED = 5_000;
/** Addresses of elements and style sheets as they were recorded, without queries. */
const recorded = new Set<string>();
const withoutQuery = (address: string): string => address.replace(/[?#].*/s, '');

/** The address, which is recorded now. */
export function noteRecorded(address: string): string {
  if (recorded.size < MAX_RECORDED) recorded.add(withoutQuery(address));
  return address;
}

/** Whether an element or a style sheet is recorded with the address, whatever its query. */
export const isRecorded = (address: string): boolean => recorded.has(withoutQuery(address));

const QUERY = /\?(?:[^\s#,]|,(?!\s|$))*/g;
/** What a data address may be where something is drawn: others hold text. */
const DRAWN = /^data:(?:image|font|video|audio|application\/(?:x-)?font)/i;
const SVG_PICTURE = /^(data:image\/svg\+xml[^,]*),([^]*)$/i;

/**
 * The address of a picture, a style sheet or a font, or several in `srcset`, as it may be stored.
 *
 * It keeps its path, by which a replay could find it. At a level that masks texts it loses its query, except parameters
 * that the option `address` names, and the texts of a drawing in the address itself. At any level it loses credentials.
 */
export function lookAddress(address: string, isMasked: boolean, options: AddressOptions): string {
  if (/^\s*data:/i.test(address)) return shownData(address.trim(), isMasked);
  const names = Array.isArray(options.address) ? options.address : [];
  const isKept = (parameter: string): boolean => {
    const name = parameter.split('=')[0]!;
    return names.includes(name) || !(isMasked || CREDENTIAL.test(name));
  };
  const shown = typedValues.hide(address)
    .replace(/\/\/[^/\s"'()@]+@/g, '//')
    .replace(QUERY, (query) => {
      const kept = query.slice(1).split('&').filter(isKept).join('&');
      return kept && `?${kept}`;
    });
  return noteRecorded(withoutCredentials(shown));
}

/** The first of these in a candidate of `srcset` is its address. */
const CANDIDATE = /(^|,)(\s*)(\S*[^\s,])/g;

/**
 * As `lookAddress`, of a picture or a font whose bytes are to be stored. The address is absolute then.
 *
 * @param base what a relative address is relative to
 */
export function resourceAddress(address: string, isMasked: boolean, options: LookOptions, base?: string): string {
  const { resources } = options;
  const raw = address.trim().replace(/^.*\/(?=blob:)/, ''); // rrweb puts the page's address before it
  if (!resources?.isOn || /^(?:data:|#|$)/i.test(raw)) return lookAddress(address, isMasked, options);
  try {
    const { href } = new URL(raw, base ?? document.baseURI);
    const shown = lookAddress(href, isMasked, options);
    return /^(?:https?|blob):/.test(href) ? resources.use(href, shown, isMasked) : shown;
  } catch {
    return lookAddress(address, isMasked, options);
  }
}

/** The same for each address of `srcset`. */
export const resourceSet = (set: string, isMasked: boolean, options: LookOptions, base?: string): string =>
  set.replace(CANDIDATE, (_, comma: string, gap: string, address: string) => comma + gap + resourceAddress(address, isMasked, options, base));

/** Where texts are masked, those of a drawing as asterisks, and the scheme alone of what is no picture or font. */
function shownData(address: string, isMasked: boolean): string {
  if (isMasked && !DRAWN.test(address)) return 'data:';
  const [, type, content] = SVG_PICTURE.exec(address) ?? [];
  const isCoded = /^[^,]*;\s*base64/i.test(address);
  if (!type) return isMasked || isCoded ? address : typedValues.hide(address);
  try {
    const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(decodeURIComponent(content!)), (one) => one.charCodeAt(0));
    const drawing = isCoded ? new TextDecoder().decode(bytes()) : decodeURIComponent(content!.replace(/%(?![\da-f]{2})/gi, '%25'));
    const changed = (isMasked ? maskedDrawing : typedValues.hide)(drawing);
    if (!isMasked && changed === drawing) return address;
    const shown = encodeURIComponent(changed).replace(/['()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    return `${type.replace(/;\s*base64/i, '')},${shown}`;
  } catch {
    return 'data:'; // it could not be read here, but perhaps elsewhere
  }
}

const READ =
  /<!--[^]*?(?:-->|$)|<style\b[^]*?(?:<\/style|$)|<!\[CDATA\[[^]*?\]\]>|<!ENTITY(?:[^"'>]|"[^"]*"|'[^']*')*>?|>([^<]+)|\b(?:(?:aria|data)-[\w-]+|(?!x)[\w-]+:[\w-]+|on\w+|title|alt|value|placeholder)\s*=\s*(?:"[^"]*"|'[^']*')/gi;

/** The source of an SVG without comments, its texts and readable attributes as asterisks. */
export const maskedDrawing = (source: string): string =>
  source.replace(READ, (part, text?: string) => {
    if (text) return `>${maskedText(text)}`;
    if (/^<s/i.test(part)) return part.replace(/>[^]*/, (css) => maskedCss(css, true, (address) => lookAddress(address, true, {})));
    if (part.startsWith('<')) return /^<!E.*:/.test(part) ? part : ''; // attributes need addresses and styles
    return `${part.split('=')[0]}=""`;
  });

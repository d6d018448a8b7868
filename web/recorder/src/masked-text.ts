/**
 * The text with an asterisk for each UTF-16 unit, so that it needs about the same room.
 *
 * White space stays, and the private use area: only an icon font shows anything there.
 */
export const maskedText = (text: string): string => text.replace(/[^\s\ue000-\uf8ff]/g, '*');

/** Whether regular expressions find anything: a page may have changed their methods, and nothing would be hidden. */
export const canMask = (): boolean => maskedText('x') === '*' && /x/.test('x');

const READABLE = /[\p{L}\p{N}]/u;
const PARTS = /\\([0-9a-f]{1,6})\s?|\\?[^]/giu;

/** The content of a CSS string with its letters and digits masked, also those that are written as escapes. */
const maskedString = (content: string): string =>
  content.replace(PARTS, (part, hex?: string) => {
    const code = parseInt(hex ?? '', 16);
    const shown = code >= 0 ? String.fromCodePoint(Math.min(code, 0x10ffff)) : part;
    return READABLE.test(shown) ? '*' : part;
  });

/** Comments, addresses, values in selectors, and strings; also one that is not closed, since a style sheet may come in pieces. */
const TOKENS =
  /\/\*[^]*?(?:\*\/|$)|\burl\(\s*([^"'\s)][^)]*)?|"([^"\\]*(?:\\[^][^"\\]*)*)(?:"|$)|'([^'\\]*(?:\\[^][^'\\]*)*)(?:'|$)|\[\s*([^\s[\]"'=~^$]+?)\s*[~|^$*]?=\s*([^\s"'\]]+)?/gi;
/** rrweb's own comment says where one text node ends and the next begins. */
const SPLIT = '/* rr_split */';
const IMPORT = /^\s*@(?:import|namespace)\s*$/i;
const FILE = /^\s*(?:src\s*:|@import\b)/i;
/** Declarations and rules whose strings are names of fonts, areas and the like. */
const NAMES = /^\s*(?:[\w-]*\b(?:font|grid|animation|syntax)[\w-]*\s*:|@(?!supports|container|import|function))/i;
/** A drawn line, in a string. */
const SHAPE = /\bpath\([^)]*$/i;
const PICTURE = /(?:\burl\(|image-set\([^)]*)\s*$/i;
/** The attribute of a selector whose value follows. */
const COMPARED = /\[\s*([^\s[\]"'=~^$]+?)\s*[~|^$*]?=\s*$/;
/** Longer than what stands before a value; each string looks at it. */
const MAX_CONTEXT = 2_000;

/** Attributes whose values stay in the elements too: ids, classes, names, and what style sheets need. */
const NAMED =
  /^(?:class|id|name|for|type|rel|media|dir|lang|hidden|popover|wrap|v?align|face|charset|http-equiv|slot|part|is|role|contenteditable|tabindex|xmlns.*|data-privacy|data-rr-is-password|rr_(?:width|height|open_mode))$/;
/** Sizes and colors. */
const SIZE = /^(?:width|height|cols|rows|size|(?:col|row)?span|border|cell\w+|bgcolor|color|start)$/;
/** What SVG draws; an element of a page's own may mean something else. */
const DRAWN =
  /^(?:version|viewBox|preserveAspectRatio|d|points|transform|offset|(?:path|text)Length|marker\w+|[xy][12]?|[cfdr][xy]|r|ref[XY]|orient|\w+(?:Units|Transform)|in2?|result|stdDeviation|values|attributeName|begin|dur|repeatCount)$/;

/** Whether an attribute says how the page looks, not what it says. */
export const isLook = (name: string, value: string, isDrawn: boolean): boolean => NAMED.test(name) || (SIZE.test(name) ? isSize(value) : isDrawn && DRAWN.test(name));

/** A number, perhaps with a sign and a unit, or a color. */
export const isSize = (value: string): boolean => /^(?:#[\da-f]{3,8}|[\d\s.,*%+-]+|[\d.+-]+[a-z]{1,4})$/i.test(value) || isKeyword(value);

/** A value that a program chose, not a person: one short word in lower case, or a short number. */
export const isKeyword = (value: string): boolean => /^(?:[a-z]+(?:-[a-z]+)*|-?\d{1,4}(?:\.\d{1,2})?(?:px|r?em|%)?)?$/.test(value) && value.length < 20;

/** Declarations whose values may be anything, `--name` and `initial-value`, and what looks like one: `.card--open:hover`. */
const CUSTOM = /-(?:(-[^\s:;{}"'()]*)|value)\s*:(\s*\{[^{}]*\}|[^;{}]*)/g;
const BEFORE_A_NAME = /[^\w.\\-]/;
/** Also what is not read again: addresses and strings. */
const PARTS_OF_A_VALUE = /\burl\([^)]*\)?|"[^"]*"?|'[^']*'?|[#\w.%+\\\-\u0080-\uffff]+/gi;
/** Other custom properties, colors, numbers, keywords and functions, as a program writes them. */
const CSS_WORD =
  /^(?:--.*|#[\da-f]{3,8}|#[\dA-F]{3,8}|[+-]?\d{0,5}(?:\.\d+)?(?:e[+-]?\d+)?(?:[a-z]{1,4}|%)?|-?[a-z]{1,19}(?:-[a-z]{1,19})*\d?|(?:translate|rotate|scale|skew|matrix)[3XYZ]d?|currentColor|url\([^]*|["'][^]*)$/;

/** The value of a custom property with asterisks for all but words of CSS. */
const maskedValue = (value: string): string => value.replace(PARTS_OF_A_VALUE, (part) => (CSS_WORD.test(part) ? part : maskedText(part)));

/**
 * The style sheet, or a piece of one, without texts: strings that `content` and the like show, words of custom properties,
 * values in selectors, and comments.
 *
 * @param withPictures also addresses of pictures stay
 * @param shown an address that stays, as it may be stored
 * @param property of which the text is a value; empty for rules
 */
export function maskedCss(css: string, withPictures: boolean, shown: (address: string) => string, property = ''): string {
  /** What stands before the token in its declaration, rule or selector. */
  let context = property && `${property}:`;
  let end = 0;
  const masked = css.replace(TOKENS, (token: string, path: string | undefined, double: string | undefined, single: string | undefined, attribute: string | undefined, bare: string | undefined, at: number) => {
    const gap = css.slice(end, at);
    const start = Math.max(gap.lastIndexOf(';'), gap.lastIndexOf('{'), gap.lastIndexOf('}')) + 1;
    context = start ? gap.slice(start) : context + gap;
    if (context.length > MAX_CONTEXT) context = context.slice(0, MAX_CONTEXT / 2) + context.slice(-MAX_CONTEXT / 2);
    end = at + token.length;
    if (token.startsWith('/*')) return token === SPLIT ? token : '';
    if (attribute) {
      context += token; // a quoted value may follow
      return bare ? token.slice(0, -bare.length) + keptComparison(attribute, bare) : token;
    }
    const kept = (address: string): string =>
      address.startsWith('#') ? address : withPictures || FILE.test(context) ? shown(address) : '';
    const content = double ?? single;
    if (content === undefined) {
      context += 'url('; // a quoted address may follow
      return path ? `url(${kept(path)}` : token;
    }
    const quote = token[0]!;
    const compared = COMPARED.exec(context)?.[1];
    if (compared) return quote + keptComparison(compared, content) + quote;
    if (PICTURE.test(context) || IMPORT.test(context)) return quote + kept(content) + quote;
    return /^\s*src\s*:/i.test(context) || NAMES.test(context) || (SHAPE.test(context) && /^[a-z\d\s.,+-]*$/i.test(content)) ? token : quote + maskedString(content) + quote;
  });
  if (property.startsWith('--')) return NAMES.test(`${property}:`) ? masked : maskedValue(masked);
  return masked.replace(CUSTOM, (declaration: string, name: string | undefined, value: string, at: number) => {
    const isOne = name ? at === 0 || BEFORE_A_NAME.test(masked[at - 1]!) : masked.endsWith('initial', at);
    return isOne && !NAMES.test(declaration) ? declaration.slice(0, -value.length || undefined) + maskedValue(value) : declaration;
  });
}

/** The value of an attribute in a selector, as in the element itself. */
const keptComparison = (name: string, value: string): string => (isLook(name, value, true) || isKeyword(value) ? value : maskedText(value));

/**
 * The text with an asterisk for each UTF-16 unit, so that it needs about the same room.
 *
 * White space stays, and the private use area: only an icon font shows anything there.
 */
export const maskedText = (text: string): string => text.replace(/[^\s\ue000-\uf8ff]/g, '*');

const READABLE = /[\p{L}\p{N}]/u;
const PARTS = /\\([0-9a-f]{1,6})\s?|\\?[^]/giu;

/** The content of a CSS string with its letters and digits masked, also those that are written as escapes. */
const maskedString = (content: string): string =>
  content.replace(PARTS, (part, hex?: string) => {
    const code = parseInt(hex ?? '', 16);
    const shown = code >= 0 ? String.fromCodePoint(Math.min(code, 0x10ffff)) : part;
    return READABLE.test(shown) ? '*' : part;
  });

/** Comments, addresses and strings; also one that is not closed, since a style sheet may come in pieces. */
const TOKENS = /\/\*[^]*?(?:\*\/|$)|\burl\(\s*([^"'\s)][^)]*)?|"([^"\\]*(?:\\[^][^"\\]*)*)(?:"|$)|'([^'\\]*(?:\\[^][^'\\]*)*)(?:'|$)/gi;
/** rrweb's own comment says where one text node ends and the next begins. */
const SPLIT = '/* rr_split */';
const FILE = /^\s*(?:src\s*:|@import\b)/i;
/** Declarations and rules whose strings are names of fonts, areas and the like. */
const NAMES = /^\s*(?:[\w-]*\b(?:font|grid|animation|syntax)[\w-]*\s*:|@)/i;
const PICTURE = /(?:\burl\(|image-set\([^)]*)\s*$/i;
/** Longer than what stands before a value; each string looks at it. */
const MAX_CONTEXT = 2_000;

/** A value that a program chose, not a person: one short word in lower case, or a short number. */
export const isKeyword = (value: string): boolean => /^(?:[a-z]+(?:-[a-z]+)*|-?\d{1,4}(?:\.\d+)?(?:px|r?em|%)?)?$/.test(value) && value.length < 20;

/**
 * The style sheet, or a piece of one, without texts: strings that `content` and the like show, and comments.
 *
 * @param withPictures also addresses of pictures stay
 * @param property of which the text is a value; empty for rules
 */
export function maskedCss(css: string, withPictures: boolean, property = ''): string {
  /** What stands before the token in its declaration, rule or selector. */
  let context = property && `${property}:`;
  let end = 0;
  return css.replace(TOKENS, (token: string, path: string | undefined, double: string | undefined, single: string | undefined, at: number) => {
    const gap = css.slice(end, at);
    const start = Math.max(gap.lastIndexOf(';'), gap.lastIndexOf('{'), gap.lastIndexOf('}')) + 1;
    context = start ? gap.slice(start) : context + gap;
    if (context.length > MAX_CONTEXT) context = context.slice(0, MAX_CONTEXT / 2) + context.slice(-MAX_CONTEXT / 2);
    end = at + token.length;
    if (token.startsWith('/*')) return token === SPLIT ? token : '';
    const isKept = (address: string): boolean => withPictures || address.startsWith('#') || FILE.test(context);
    const content = double ?? single;
    if (content === undefined) {
      context += 'url('; // a quoted address may follow
      return !path || isKept(path) ? token : 'url(';
    }
    const quote = token[0]!;
    if (PICTURE.test(context)) return isKept(content) ? token : quote + quote;
    if (/=\s*$/.test(context)) return isKeyword(content) ? token : quote + maskedText(content) + quote;
    return FILE.test(context) || NAMES.test(context) ? token : quote + maskedString(content) + quote;
  });
}

/** Whether a style sheet is loaded, and of an origin that did not say that this page may read it. */
export function isUnreadable({ sheet, isConnected }: HTMLLinkElement): boolean {
  try {
    return isConnected && !!sheet && !sheet.cssRules;
  } catch {
    return true;
  }
}

/** The style sheet with each address as seen from its own. */
export function absoluteCss(css: string, base: string): string {
  return css.replace(/(\burl\(\s*["']?|@import\s+["'])((?!data:|blob:|#|["')\s])[^"')\s]+)/gi, (_, before: string, address: string) => {
    try {
      return before + new URL(address, base).href;
    } catch {
      return before + address;
    }
  });
}

const COMMENT = /\/\*[^]*?\*\//g;
const IMPORT = /@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?\s*\)?([^;]*);/gi;
const CONDITION = /^\s*(layer\b(?:\(([^)]*)\))?)?\s*(?:supports\(((?:[^()]|\([^()]*\))*)\))?\s*([^]*)$/i;

/**
 * The style sheet with those that it imports in their places, as far as `read` finds them.
 *
 * @param css with absolute addresses
 */
export async function withImports(css: string, read: (address: string) => Promise<string | undefined>): Promise<string> {
  const plain = css.replace(COMMENT, ({ length }) => ' '.repeat(length));
  const end = `${plain}{`.indexOf('{'); // no import comes after a rule
  const head = plain.slice(0, end);
  const texts: (string | undefined)[] = [];
  for (const [, address] of head.matchAll(IMPORT)) texts.push(await read(address!));
  return head.replace(IMPORT, (all, _, condition: string) => {
    const text = texts.shift();
    return text === undefined ? all : conditional(text, condition);
  }) + css.slice(end);
}

/** The rules, on the condition of their import. */
function conditional(css: string, condition: string): string {
  const [, layer, name = '', supports, media] = CONDITION.exec(condition)!;
  let rules = css;
  if (layer) rules = `@layer ${name} {${rules}}`;
  if (supports) rules = `@supports (${supports}) {${rules}}`;
  return media?.trim() ? `@media ${media.trim()} {${rules}}` : rules;
}

/** The style sheet as the browser reads it: what is open at the end is closed, and imports are left out. */
export function parsedSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/**
 * The files of a style sheet that the page has loaded, as far as can be seen: a browser tells nothing of what a sheet loads
 * that the page may not read. A font counts if a text is drawn in it, a picture if its selector finds an element.
 *
 * @param css with absolute addresses
 */
export function filesInUse(css: string, page: Document): string[] {
  const fonts = new Set<string>();
  page.fonts.forEach(({ status, family, weight, style, unicodeRange }) => {
    if (status === 'loaded') fonts.add(keyOf(family, weight, style, unicodeRange));
  });
  const found: string[] = [];
  const groups: CSSRuleList[] = [parsedSheet(css).cssRules];
  for (let rules = groups.pop(); rules; rules = groups.pop()) {
    for (const rule of rules as unknown as Iterable<CSSRule & Partial<CSSStyleRule & CSSGroupingRule>>) {
      const { selectorText, style, cssRules, cssText } = rule;
      if (cssRules && !selectorText) groups.push(cssRules);
      else if (cssText.includes('url(') && (selectorText ? finds(page, selectorText) : isFont(style, fonts))) {
        for (const [, address] of cssText.matchAll(/url\("([^"]*)"\)/g)) found.push(address!);
      }
    }
  }
  return found;
}

const keyOf = (...parts: (string | undefined)[]): string => parts.join('|').replace(/["' ]/g, '');

function isFont(style: CSSStyleDeclaration | undefined, fonts: ReadonlySet<string>): boolean {
  const of = (name: string, otherwise: string): string => style?.getPropertyValue(name) || otherwise;
  return fonts.has(keyOf(of('font-family', ''), of('font-weight', 'normal'), of('font-style', 'normal'), of('unicode-range', 'U+0-10FFFF')));
}

/** Of a state, such as `:hover`, or a pseudo-element, the element itself counts. */
function finds(page: Document, selector: string): boolean {
  try {
    return !!page.querySelector(selector.replace(/::?(?:before|after|hover|focus[\w-]*|active|visited|link|placeholder|marker)\b/g, '') || '*');
  } catch {
    return false;
  }
}

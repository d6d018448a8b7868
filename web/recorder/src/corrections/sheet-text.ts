/**
 * The text of a style sheet as it was written, where the browser tells less.
 *
 * A browser writes no value of a shorthand with `var()` once a longhand overrides a part of it: `padding: var(--a);
 * padding-left: 0` comes back as `padding-top: ; padding-right: ; …`. rrweb 2.1.6 takes that as it is:
 * https://github.com/rrweb-io/rrweb/issues/1667, https://github.com/rrweb-io/rrweb/pull/1322. It also writes the rules of an
 * imported sheet without the media and the layer of its `@import`; no issue names that yet. Right would be to keep the
 * written text of such rules, and to put imported rules into groups of the same meaning.
 *
 * web/site/browser/styles-by-script.test.ts says when this can go.
 */
import { absoluteCss, parsedSheet } from '../opaque-sheet';
import { safely } from './hooked-members';

/** The text of a rule that lacks values. That of a custom property may be empty. */
export const INCOMPLETE = /[{;] -?[a-z][a-z-]*: ;/;
const WITH_VARIABLE = /([{};](?:\s|\/\*[^]*?\*\/)*)([a-z-]+)(?=\s*:[^;{}]*var\()/g;

/** By the text that the browser writes of a rule: the text with all values. */
const known = new Map<string, string>();
/** Protects the page's memory. What is forgotten of an element's sheet is learned again with the next snapshot. */
const MAX_LETTERS = 500_000;
let letters = 0;

/**
 * Learn the rules whose values the browser does not write, from the text of their sheet. Of a custom property it keeps value
 * and place, so a shorthand passes as one.
 */
export const learn = (css: string): void =>
  safely(() => {
    if (!css.includes('var(')) return;
    const [told, whole] = [css, css.replace(WITH_VARIABLE, '$1--r_$2')].map((text) => [...parsedSheet(text).cssRules]) as [CSSRule[], CSSRule[]];
    if (told.length !== whole.length) return;
    if (letters > MAX_LETTERS) {
      known.clear();
      letters = 0;
    }
    for (const [n, { cssText }] of told.entries()) {
      if (!INCOMPLETE.test(cssText)) continue;
      if (!known.has(cssText)) letters += cssText.length;
      known.set(cssText, whole[n]!.cssText.replace(/--r_/g, ''));
    }
  })(); // an older browser makes no style sheets

/** The text of a rule with all its values, as far as they are known. */
export const wholeRule = (cssText: string): string => known.get(cssText) ?? cssText;

/** The text of a sheet with those that it imports; undefined of one that the page may not read. */
export function textOf(sheet: CSSStyleSheet): string | undefined {
  try {
    return [...sheet.cssRules].map((rule) => importedText(rule as CSSImportRule) ?? absoluteCss(wholeRule(rule.cssText), sheet.href ?? document.baseURI)).join('\n');
  } catch {
    return undefined;
  }
}

/** The visitor's browser has loaded it, so that what its `supports()` asks for holds. */
function importedText({ styleSheet, media, layerName }: CSSImportRule): string | null | undefined {
  let text = styleSheet && textOf(styleSheet);
  if (text && typeof layerName === 'string') text = `@layer ${layerName}{${text}}`;
  return text && media.length ? `@media ${media.mediaText}{${text}}` : text;
}

/**
 * An inline style with the values that the element has now in place of those that the browser does not write, and with each
 * address of `image-set` in `url()`, as the browser writes it.
 */
export const completedStyle = (style: string, element: Element): string =>
  (style.includes('image-set(') ? (element as HTMLElement).style.cssText : style).replace(/([\w-]+): (?=;)/g, (before, name: string) => before + getComputedStyle(element).getPropertyValue(name));

/** What is recorded of an element's sheet, with what rrweb leaves out of it. */
export function correctedText({ sheet, textContent }: HTMLStyleElement, recorded: string): string {
  let text: string | undefined;
  safely(() => {
    if (INCOMPLETE.test(recorded)) learn(textContent!);
    else if (![...sheet!.cssRules].some((rule) => 'styleSheet' in rule)) return;
    text = textOf(sheet!);
  })(); // it may be of another origin
  return text || recorded;
}

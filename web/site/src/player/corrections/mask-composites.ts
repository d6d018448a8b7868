import { ADOPTED_STYLE_SHEET, type Json, STYLE_SHEET_RULE, isObject } from '../event';

/** A declaration of `mask`; a string may have any sign. */
const MASK = /\bmask:(?:"(?:[^"\\]|\\.)*"|[^;{}"])*/g;
/** Strings and addresses, which stay as they are, and words of `-webkit-mask-composite`. */
const OLD_WORD = /"(?:[^"\\]|\\.)*"|\burl\([^)]*\)|\b(xor|source-(?:over|in|out|atop)|destination-(?:over|in|out|atop)|clear|copy|plus-lighter)\b/g;
const NEW_WORDS: Readonly<Record<string, string>> = { xor: 'exclude', 'source-in': 'intersect', 'source-out': 'subtract' };

/**
 * The style sheet with masks that a browser can read.
 *
 * Chromium writes the words of `-webkit-mask-composite` into `mask`, as in `mask: linear-gradient(#000, #0000) xor`, which no
 * browser reads: the element would be drawn without its mask. Words with no successor are as `add`, the initial one. No
 * issue of rrweb names it. Right would be that `stringifyRule` writes the longhands of such a rule.
 *
 * web/site/browser/reported-styles.test.ts says when this can go.
 */
export const withReadableMasks = (css: string): string =>
  css.includes('mask:') ? css.replace(MASK, (declaration) => declaration.replace(OLD_WORD, (found, word?: string) => (word ? (NEW_WORDS[word] ?? 'add') : found))) : css;

/** The same for what rrweb has recorded of an element's sheet; in place. */
export function readMasksOfSheet(attributes: Json): void {
  if (typeof attributes['_cssText'] === 'string') attributes['_cssText'] = withReadableMasks(attributes['_cssText']);
}

/** The same in rules that a script has changed; in place. */
export function readMasksOfRules({ source, adds, styles }: Json): void {
  if (source === STYLE_SHEET_RULE) readMasks(adds);
  if (source === ADOPTED_STYLE_SHEET && Array.isArray(styles)) for (const style of styles) if (isObject(style)) readMasks(style['rules']);
}

function readMasks(rules: unknown): void {
  if (!Array.isArray(rules)) return;
  for (const one of rules) if (isObject(one) && typeof one['rule'] === 'string') one['rule'] = withReadableMasks(one['rule']);
}

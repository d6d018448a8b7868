/** Texts of a recording, which any client may have written: cut, and on one line. */

/** Protects the panels: a row shows no more of a label or a message. */
export const MAX_LINE = 300;
/** Protects the memory: the details of a row hold no more. */
export const MAX_DETAIL = 20_000;

/** A text of at most so many characters; empty if the value is none. */
export function textOf(value: unknown, max = MAX_DETAIL): string {
  if (typeof value !== 'string') return '';
  return value.length <= max ? value : `${value.slice(0, max)}… (cut, ${value.length.toLocaleString('en')} characters)`;
}

/** The beginning of a text on one line. */
export function lineOf(value: unknown, max = MAX_LINE): string {
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, 4 * max)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > max || value.length > 4 * max ? `${line.slice(0, max)}…` : line;
}

/** A number that can be shown. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** A value as JSON for reading, cut. Properties come from `JSON.parse`, so there is no circle. */
export function jsonOf(value: unknown, max = MAX_DETAIL): string {
  return value === undefined || value === null ? '' : textOf(JSON.stringify(value, undefined, 2), max);
}

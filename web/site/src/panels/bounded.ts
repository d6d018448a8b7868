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

/** Protects the player: what is nested deeper is not indented, which would take the square of its depth. */
const MAX_DEPTH = 30;

/** A value of an event as JSON for reading, cut; empty if there is none. */
export function jsonOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  try {
    return indented(JSON.stringify(value));
  } catch {
    return '(nested too deeply)'; // for the browser's stack
  }
}

/** A JSON text with a line for each property, if it is no longer than the details of a row; else as it is, cut. */
export function indented(json: string): string {
  if (json.length > MAX_DETAIL || depthOf(json) > MAX_DEPTH) return textOf(json);
  return textOf(JSON.stringify(JSON.parse(json), undefined, 2));
}

/** How deeply brackets are nested, or more: those in strings count, too. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of json) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}

import type { Json } from '../event';

const LIMIT = /\(\s*(max|min)-(device-(?:width|height))\s*:\s*([^()]+)\)/gi;

/**
 * Lets media queries for the width of the screen be ones for the screen, as they are in the visitor's browser.
 *
 * rrweb 2.1.6 replays `max-device-width` as `max-width`, in frames too, whatever their width is on whichever screen. It leaves
 * the same comparison alone where it is written as a range, which `media-features.ts` answers by the visitor's screen. No issue
 * names it; right would be to record the screen.
 *
 * web/site/browser/visitor-states.test.ts says when this can go.
 */
export function keepDeviceWidths(attributes: Json): void {
  const css = attributes['_cssText'];
  if (typeof css !== 'string' || !css.includes('-device-')) return;
  attributes['_cssText'] = css.replace(LIMIT, (_, limit: string, feature: string, value: string) => `(${feature} ${limit.toLowerCase() === 'max' ? '<=' : '>='} ${value.trim()})`);
}

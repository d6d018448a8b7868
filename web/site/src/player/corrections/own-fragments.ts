import type { Json } from '../event';

/** Attributes with the text of a sheet: rrweb's own, and an inline style. */
const WITH_CSS = ['_cssText', 'style'];
/** What rrweb makes of `url(#id)`: the address of a folder, with the fragment. */
const IN_A_FOLDER = /\burl\((["']?)(?:https?|file):\/\/[^\s"'()?#]*\/(#[^\s"'()]+)\1\)/gi;

/**
 * Lets masks, filters, clips and fills that lie in the page itself be found there again.
 *
 * rrweb 2.1.6 makes every address of a style sheet absolute, `url(#id)` too, which CSS always takes for a part of the same
 * document: https://www.w3.org/TR/css-values-4/#local-urls. In a replay it would be a part of another document, and an
 * element with such a mask is not drawn at all. No issue names it yet. Right would be that `absolutifyURLs` leaves an
 * address that starts with `#` as it is.
 *
 * The page `sprites` of web/fidelity says when this can go.
 */
export function findOwnFragments(attributes: Json): void {
  for (const name of WITH_CSS) {
    const css = attributes[name];
    if (typeof css === 'string') attributes[name] = css.replace(IN_A_FOLDER, 'url($1$2$1)');
  }
}

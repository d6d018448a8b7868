/** The content of a page as values, to compare the recorded page with its replay. */

/**
 * @typedef {object} PageFacts
 * @property {string} title
 * @property {[width: number, height: number]} viewport in CSS pixels
 * @property {string[]} rows the ships of the list, in order, each with its state
 * @property {Record<string, boolean>} ticked checkbox name -> is it ticked
 * @property {Record<string, number>} typed field name -> number of characters; the recording masks the characters themselves
 * @property {Record<string, number>} scrolledPx scrolled element -> CSS pixels from its top
 * @property {Record<string, string>} colours item -> computed colour
 * @property {[width: number, height: number][]} images intrinsic sizes; 0 × 0 for one that did not load
 * @property {string[]} texts every text on the page in order, shadow roots included
 */

const TEXT_NODE = 3;

/**
 * The facts of `document`, without the options of its selects, which a masked replay does not have.
 *
 * @param {Document} document
 * @returns {PageFacts}
 */
export function pageFacts(document) {
  const view = document.defaultView;
  if (!view) throw new Error('the document is not shown anywhere');
  /** @type {(selector: string) => HTMLInputElement[]} */
  const inputs = (selector) => [...document.querySelectorAll(selector)].map((found) => /** @type {HTMLInputElement} */ (found));
  /** @type {(selector: string, property: string) => string} */
  const style = (selector, property) => {
    const element = document.querySelector(selector); // missing from a damaged replay, which is a difference, too
    return element ? view.getComputedStyle(element).getPropertyValue(property).trim() : `no ${selector}`;
  };

  return {
    title: document.title,
    viewport: [view.innerWidth, view.innerHeight],
    rows: [...document.querySelectorAll('#arrivals > li')].map(
      (row) => `${row.querySelector('strong')?.textContent}: ${row.querySelector('.state')?.textContent}`,
    ),
    ticked: Object.fromEntries(inputs('[type=checkbox]').map((box) => [box.name, box.checked])),
    typed: Object.fromEntries(
      inputs('input:not([type=checkbox]), textarea').map((field) => [field.name, field.value.length]),
    ),
    scrolledPx: {
      page: Math.round(document.documentElement.scrollTop),
      logbook: Math.round(document.querySelector('#logbook')?.scrollTop ?? 0),
    },
    colours: {
      paper: style('body', 'background-color'),
      'custom property --sea': style('body', '--sea'),
      'edge of a moored ship': style('#arrivals li.moored', 'border-left-color'),
    },
    images: [...document.images].map((image) => [image.naturalWidth, image.naturalHeight]),
    texts: textsUnder(document.body),
  };
}

/**
 * The trimmed texts of `node` and its descendants, in tree order.
 *
 * @param {Node} node
 * @returns {string[]}
 */
function textsUnder(node) {
  if (node.nodeType === TEXT_NODE) {
    const text = node.textContent?.trim();
    return text ? [text] : [];
  }
  const { shadowRoot } = /** @type {Partial<Element>} */ (node);
  return [...(shadowRoot ? [shadowRoot] : []), ...node.childNodes].flatMap(textsUnder);
}

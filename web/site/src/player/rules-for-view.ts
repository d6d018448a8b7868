import type { View } from './view';

const MARK = 'data-store-view';

const TRIED_PX = 7;
let canSet: boolean | undefined;

/** Whether a rule can give a scrollbar the width of the visitor's. Firefox knows the selector, but not the width. */
export function canSetScrollbar(): boolean {
  canSet ??= tryScrollbar();
  return canSet;
}

function tryScrollbar(): boolean {
  if (!('replaceSync' in CSSStyleSheet.prototype)) return false; // Safari before 16.4
  const rules = new CSSStyleSheet();
  rules.replaceSync(`:host { position: absolute; visibility: hidden }
    div { overflow: hidden; width: 50px; scrollbar-gutter: stable }
    div::-webkit-scrollbar { width: ${TRIED_PX}px }`);
  const place = document.body.appendChild(document.createElement('div'));
  const root = place.attachShadow({ mode: 'closed' });
  root.adoptedStyleSheets = [rules]; // a page's style sheets do not reach it
  const outer = root.appendChild(document.createElement('div'));
  const inner = outer.appendChild(document.createElement('p'));
  const px = outer.offsetWidth - inner.offsetWidth;
  place.remove();
  return px === TRIED_PX;
}

/**
 * Gives a replayed page the scrollbars of the visitor's browser: the window's as a gutter of the same width, since the
 * player scrolls without one; those of elements by a rule of no specificity, so that the page's own come first.
 */
export function applyRules(page: Document | null, { touch, scrollbar }: View): void {
  const root = page?.documentElement;
  if (!root) return;
  const rules = rulesFor(touch, canSetScrollbar() ? scrollbar : 0);
  let style = root.querySelector(`:scope > style[${MARK}]`);
  if (!style && rules !== '') {
    style = page.createElement('style');
    style.setAttribute(MARK, '');
    root.insertBefore(style, page.head);
  }
  if (style && style.textContent !== rules) style.textContent = rules;
}

function rulesFor(touch: boolean, scrollbar: number): string {
  if (touch) return ':where(*) { scrollbar-width: none }';
  if (scrollbar === 0) return '';
  return `html { scrollbar-gutter: stable !important; scrollbar-width: auto !important; scrollbar-color: auto !important }
    :where(*)::-webkit-scrollbar { width: ${scrollbar}px; height: ${scrollbar}px }
    html::-webkit-scrollbar { width: ${scrollbar}px !important }
    :where(*)::-webkit-scrollbar-thumb { border: 4px solid transparent; border-radius: 99px; background: #8888 content-box }`;
}

import rrweb from '@rrweb/replay/dist/style.css?inline';
import base from 'site/src/styles/base.css?inline';
import controls from 'site/src/styles/controls.css?inline';
import dialogs from 'site/src/styles/erasure.css?inline';
import notes from 'site/src/styles/notes.css?inline';
import player from 'site/src/styles/player.css?inline';
import tokens from 'site/src/styles/tokens.css?inline';

/** What draws rrweb's pointer, within the frame of a replay. */
export const POINTER_RULES = rrweb;

/** A page's rules change the element itself, and what is inherited from it; nothing of that comes in. */
const FIRST = ':host { display: block } :host([hidden]) { display: none } .root { all: initial; display: block }';
/** Beside a player of the site there is more than beside this one. */
const LAST = `.root { border-radius: var(--radius); outline: none }
  .screen { max-height: max(220px, calc(100dvh - 190px)) }`;

let made: CSSStyleSheet | undefined;

/** The site's style sheets for a shadow root. All players of a page share them. */
export function shadowStyles(): CSSStyleSheet {
  if (made) return made;
  made = new CSSStyleSheet();
  made.replaceSync([FIRST, ...[tokens, base, player, controls, notes, dialogs].map(forShadow), LAST].join('\n'));
  return made;
}

const ROOT = /(^|[\s{},])(?::root|body)(?=\s*[{,])/g;
const REM = /(?<![\w.-])(\d*\.?\d+)rem\b/g;

/** The rules of a page for what is below an element with the class `root`, whatever the page's own size of text is. */
export function forShadow(css: string): string {
  return css.replace(ROOT, '$1.root').replace(REM, (_, number: string) => `${Math.round(Number(number) * 16 * 1000) / 1000}px`);
}

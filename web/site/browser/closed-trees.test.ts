/** Shadow trees that a page has closed to other scripts: what a visitor sees of them. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen, recordSteps } from './computed';

const step = (name: string, act: string): Step => ({ name, act });
const PAGE = `<!doctype html><html lang="en"><head><title>Closed</title></head><body>
<div id="early">slotted</div><div id="late">later</div><div id="place"></div>
<iframe id="frame" srcdoc="<div id=inner></div>"></iframe><p id="light"></p></body></html>`;
/** The page starts after its recorder, and gives its closed trees a name for this test. */
const START = `
  const close = (host) => { host.tree = host.attachShadow({ mode: 'closed' }); return host.tree; };
  const CONTENT = '<style>p { color: rgb(1, 2, 3) }</style><p>closed</p><slot></slot><input><div id="long" style="height: 20px; overflow: auto"><div style="height: 900px">x</div></div>';
  customElements.define('x-own', class extends HTMLElement { constructor() { super(); this.tree = this.attachInternals().shadowRoot; } });
  Object.assign(window, { close, CONTENT });
  close(early).innerHTML = CONTENT;
  place.setHTMLUnsafe('<x-own id="own"><template shadowrootmode="closed"><p>declared</p></template></x-own>');`;
const SHEET = `const sheet = new CSSStyleSheet(); sheet.replaceSync('p { background: rgb(9, 9, 9) }'); early.tree.adoptedStyleSheets = [sheet]`;
const TYPE = `const field = early.tree.querySelector('input'); field.value = 'typed'; field.dispatchEvent(new Event('input', { bubbles: true, composed: true }))`;

test('is in the replay', { timeout: 120_000 }, async () => {
  const probes: Probe[] = [
    ...['#early', '#late', '#own', '#frame >> #inner'].flatMap((host): Probe[] => [[`${host} >> p`, '.textContent'], [`${host} >> p`, 'color']]),
    ['#early >> p', 'background-color'],
    ['#early >> input', '.value'],
    ['#early >> #long', '.scrollTop'],
    ['#light', '.innerHTML'],
    ['#early', '.clientHeight'],
  ];
  await expectSeen(browser, PAGE, probes, [
    step('as the page starts', START),
    step('a text', 'early.tree.querySelector("p").firstChild.data = "changed"; own.tree.querySelector("p").append(" by itself")'),
    step('attached later, also in a frame', 'close(late).innerHTML = CONTENT; close(frames[0].document.getElementById("inner")).innerHTML = CONTENT'),
    step('a style sheet', SHEET),
    step('typed', TYPE),
    step('scrolled', 'early.tree.getElementById("long").scrollTop = 200'),
    step('moved out', 'light.append(early.tree.querySelector("p")); light.firstChild.append("outside")'),
  ], { more: { maskAllInputs: false } });
});

test.for(['text', 'private'])('at the level %s without what can be read', { timeout: 90_000 }, async (privacy) => {
  const { visit } = await recordSteps(browser, PAGE, [], [step('as the page starts', START), step('typed', TYPE)], { privacy });
  const sent = (await visit.lines()).join();
  await visit.end();

  expect(sent).toContain('"isShadow":true');
  expect(sent).not.toMatch(/closed<|"closed"|declared|typed/);
});

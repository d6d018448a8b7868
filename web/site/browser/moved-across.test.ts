/** Nodes that a page moves from one tree into another: out of a shadow tree, into one, between two of them. */
import { test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen } from './computed';

const step = (name: string, act: string): Step => ({ name, act });
const page = (body: string, script: string) => `<!doctype html><html lang="en"><head><title>Moved</title></head><body>${body}<script>
const root = (id, html) => { document.getElementById(id).attachShadow({ mode: 'open' }).innerHTML = html; return document.getElementById(id).shadowRoot };
${script}</script></body></html>`;
/** All that can be read in both trees and the page, to the last node. */
const PROBES: Probe[] = [['#light', '.innerHTML'], ...['a', 'b'].map((id): Probe => [`#${id} >> section`, '.innerHTML'])];
const ROOTS = `const [a, b] = ['a', 'b'].map((id) => root(id, '<section><p class="one">one <b>bold</b></p>text of ' + id + '</section>').firstChild); Object.assign(window, { first: a, second: b })`;
const BODY = '<div id="a"></div><div id="b"></div><main id="light"><i>here</i></main>';

/** rrweb hears of the trees in the order in which they came. */
const ORDERS: [string, string, Step[]][] = [
  ['older than the recording', page(BODY, ROOTS), []],
  ['newer than the recording', page(BODY, ''), [step('the trees come', ROOTS)]],
];

test.for(ORDERS)('out of a shadow tree that is %s, with all that changes of it later', { timeout: 120_000 }, async ([, html, before]) => {
  await expectSeen(browser, html, PROBES, [
    ...before,
    step('an element', 'light.append(first.firstChild)'),
    step('its text changes', 'light.lastChild.firstChild.data = "two "; light.lastChild.append("more")'),
    step('a text', 'light.append(first.lastChild)'),
    step('that changes', 'light.lastChild.data = "three"'),
    step('an element with another attribute', 'second.firstChild.className = "two"; light.prepend(second.firstChild)'),
    step('that changes', 'light.firstChild.title = "four"; light.firstChild.lastChild.textContent = "five"'),
    step('and goes', 'light.firstChild.remove()'),
  ]);
});

test.for(ORDERS)('into a shadow tree that is %s and back, and between two of them', { timeout: 120_000 }, async ([, html, before]) => {
  await expectSeen(browser, html, PROBES, [
    ...before,
    step('from the newer one', 'first.append(second.firstChild)'),
    step('it changes', 'first.lastChild.append("six")'),
    step('from the older one', 'second.prepend(first.firstChild)'),
    step('it changes too', 'second.firstChild.firstChild.data = "seven"'),
    step('in and out at once', 'const one = document.createElement("p"); one.textContent = "eight"; second.append(one); light.append(one)'),
    step('what came so changes', 'light.lastChild.firstChild.data = "nine"'),
    step('out and in at once', 'light.append(second.firstChild); first.append(light.lastChild)'),
    step('and that changes', 'first.lastChild.append("ten")'),
  ]);
});

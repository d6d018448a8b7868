/** What style rules ask of an element and no attribute says: `:user-valid`, `:user-invalid`, `:state()`; and the time of SVG's animations. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { type Probe, type Step, expectSeen } from './computed';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const PAGE = `<!doctype html><html lang="en"><head><title>States</title><style>
  :user-invalid { outline: 2px solid rgb(200, 0, 0) } :invalid { text-decoration: underline } :user-valid + i { color: rgb(0, 120, 0) }
  x-lamp:state(on) { color: rgb(1, 2, 3) } x-lamp:state(--dim) { opacity: 0.5 } p:has(:state(on)) { letter-spacing: 3px }
</style></head><body>
<form id="form"><input id="name" required><i>name</i><input id="mail" type="email"><i>mail</i><input id="plain"><select id="port" required><option></option><option>Oslo</option></select><button id="send">Send</button></form>
<p><x-lamp id="lamp">lamp</x-lamp></p><x-lamp id="late">late</x-lamp><div id="place"></div>
<svg id="drawing" width="40" height="40"><rect id="rect" width="40" height="40" fill="red"><animate attributeName="fill" calcMode="discrete" values="rgb(0,0,10);rgb(0,0,20)" dur="2000s"/></rect></svg>
<script>
  customElements.define('x-lamp', class extends HTMLElement { #own = this.attachInternals(); constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<style>:host(:state(on)) { background: rgb(9, 8, 7) }</style><slot></slot>'; } lit(...names) { this.#own.states.clear(); for (const name of names) this.#own.states.add(name); } });
  form.onsubmit = (event) => event.preventDefault();
</script></body></html>`;

const of = (id: string, ...names: string[]): Probe[] => names.map((name) => [`#${id}`, name]);
const step = (name: string, act: string): Step => ({ name, act });

test('as they were at each moment, after a jump and after playing', { timeout: 150_000 }, async () => {
  const probes = [
    ...['name', 'mail', 'port'].flatMap((id) => of(id, 'outline-color')),
    ...['plain', 'port'].flatMap((id) => of(id, 'text-decoration-line')),
    ['#name + i', 'color'] as const,
    ['#mail + i', 'color'] as const,
    ...of('send', 'text-decoration-line'),
    ...of('lamp', 'color', 'opacity', 'background-color'),
    ...of('late', 'color', 'background-color'),
    ['p', 'letter-spacing'] as const,
    ...of('rect', 'fill'),
    ['#place rect', 'fill'] as const,
  ];
  const { lines } = await expectSeen(browser, PAGE, probes, [
    { name: 'an address that is none', act: async (page) => (await page.fill('#mail', 'ada'), await page.focus('#name')) },
    { name: 'an address', act: async (page) => (await page.fill('#mail', 'ada@example.com'), await page.focus('#name')) },
    { name: 'sent, with a field left empty', act: (page) => page.click('#send') },
    step('lit', 'lamp.lit("on", "--dim")'),
    step('lit otherwise', 'lamp.lit("--dim"); late.lit("on")'),
    step('a drawing that passes a moment by itself', 'drawing.setCurrentTime(999.8)'),
    step('that is moved', 'drawing.setCurrentTime(10)'),
    step('that stands', 'drawing.setCurrentTime(1700); drawing.pauseAnimations()'),
    step('that comes later, and an element that moves', 'place.append(late, drawing.cloneNode(true)); place.querySelector("svg").setCurrentTime(1200)'),
    step('a form that is reset', 'form.reset(); lamp.lit()'),
    step('called invalid by a script', 'send.setCustomValidity("closed"); plain.setCustomValidity("taken"); port.setCustomValidity("taken")'),
    step('and not any more', 'plain.setCustomValidity("")'),
  ]);
  expect(lines.filter((line) => line.includes('rrweb-store:states')).length).toBeGreaterThan(5);
});

const SLOTS = `<!doctype html><html lang="en"><head><title>Slots</title></head><body><div id="host"><b id="one">one</b><b id="two">two</b><i id="three">three</i>text</div><script>
  host.attachShadow({ mode: 'open', slotAssignment: 'manual' }).innerHTML = '<style>#first::slotted(*) { color: rgb(1, 2, 3) } #second::slotted(*) { color: rgb(4, 5, 6) }</style><slot id="first"></slot><slot id="second"></slot>';
  const [first, second] = host.shadowRoot.querySelectorAll('slot');
  first.assign(one);
</script></body></html>`;

test('what a script has assigned to slots', { timeout: 120_000 }, async () => {
  const probes = ['one', 'two', 'three'].flatMap((id) => [...of(id, 'color'), [`#${id}`, '.offsetWidth'] as const]);
  await expectSeen(browser, SLOTS, [...probes, ['#host', '.innerText']], [
    step('another one', 'first.assign(two); second.assign(three)'),
    step('the other way round, with a text', 'first.assign(three); second.assign(host.lastChild, two)'),
    step('none', 'first.assign(); second.assign(one)'),
    step('a node that goes', 'one.remove()'),
  ]);
});

test('not of what is blocked', { timeout: 90_000 }, async () => {
  const blocked = PAGE.replace('<form', '<form data-privacy="block"');
  const { lines } = await expectSeen(browser, blocked, of('lamp', 'color'), [
    { name: 'sent, and lit', act: async (page) => (await page.fill('#mail', 'ada'), await page.click('#send'), await page.evaluate('lamp.lit("on")')) },
  ]);
  expect(lines.flatMap((line) => (line.includes('rrweb-store:states') ? (JSON.parse(line) as { data: { payload: { elements: object[] } } }).data.payload.elements : [])).filter((one) => 'user' in one)).toEqual([]);
});

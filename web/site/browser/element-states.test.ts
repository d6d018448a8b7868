/** What style rules ask of an element and no attribute says: `:user-valid`, `:user-invalid`, `:state()`; and the time of SVG's animations. */
import type { Browser, Page } from 'playwright-core';
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

const CHECKED = `<!doctype html><html lang="en"><head><title>Checked</title><style>
  :invalid { color: rgb(200, 0, 0) } :valid { background-color: rgb(0, 100, 0) } form:invalid { outline: 3px solid red } [type="email"] { scroll-margin-top: 5px } [pattern] { scroll-margin-top: 6px }
</style></head><body><form id="form"><input id="mail" type="email"><input id="url" type="url" value="https://shop.example/"><input id="number" type="number" min="1" max="5"><input id="code" pattern="[a-z]+"><input id="short" minlength="3"><input id="needed" required><textarea id="text" maxlength="9" required></textarea></form>
<x-field id="one">one</x-field><x-field id="two">two</x-field><x-plain id="plain">plain</x-plain><div id="place"></div>
<script>customElements.define('x-field', class extends HTMLElement { static formAssociated = true; own = this.attachInternals(); }); customElements.define('x-plain', class extends HTMLElement {})</script></body></html>`;

test.for(['inputs', 'text'])('what is valid, whose value is masked at level %s', { timeout: 150_000 }, async (privacy) => {
  const ids = ['mail', 'url', 'number', 'code', 'short', 'needed', 'text', 'one', 'two', 'plain'];
  const probes = [...ids.flatMap((id) => of(id, 'color', 'background-color', 'scroll-margin-top')), ...of('form', 'outline-style')];
  const type = (texts: Record<string, string>) => async (page: Page) => {
    for (const [id, text] of Object.entries(texts)) {
      await page.fill(`#${id}`, '');
      await page.click(`#${id}`);
      await page.keyboard.type(text);
    }
  };
  const { lines } = await expectSeen(browser, CHECKED, probes, [
    { name: 'nothing is valid', act: type({ mail: 'ada', url: 'ada', number: '9', code: 'AB', short: 'ab' }) },
    { name: 'all is', act: type({ mail: 'ada@example.com', url: 'https://a.example', number: '3', code: 'ab', short: 'abc', needed: 'x', text: 'x' }) },
    step('a script says otherwise', 'one.own.setValidity({ customError: true }, "secret"); code.setCustomValidity("secret"); form.setAttribute("title", "changed")'),
    step('and of another', 'one.own.setValidity({}); two.own.setValidity({ valueMissing: true }, "secret"); code.setCustomValidity("")'),
    step('they are moved', 'place.append(two, form); mail.value = "none"; mail.dispatchEvent(new Event("input", { bubbles: true }))'),
  ], { privacy });
  expect(lines.join('')).not.toMatch(/ada@|secret/);
});

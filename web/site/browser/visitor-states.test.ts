/** What style rules ask of the visitor's own browser: what is pointed at, pressed and focused, and its media features. */
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen } from './computed';

const RULES = 'p, input, button, a { color: red } .menu:focus-within p { color: rgb(1, 1, 1) } input:focus { color: rgb(2, 2, 2) } button:focus-visible { color: rgb(3, 3, 3) } button:hover { background-color: rgb(4, 4, 4) } button:active { background-color: rgb(5, 5, 5) }';
const INSIDE = `<style>${RULES}</style><div class="menu"><button id="b">b</button><p id="p">p</p></div><input id="i"><input id="j">`;
const POINTED = `<!doctype html><html lang="en"><head><title>States</title><style>${RULES} my-late:not(:defined) { color: rgb(9, 9, 9) } my-late:defined { color: rgb(8, 8, 8) } [title=":hover"] { color: red } .\\:x:hover { color: rgb(7, 7, 7) }</style></head>
<body style="margin: 20px"><div class="menu"><button id="b" title=":hover">b</button><p id="p">p</p></div><input id="i" autofocus><p class=":x" id="x">x</p><p id="inserted">inserted</p><p id="adopted">adopted</p><my-late id="late">late</my-late>
<div id="host"></div><iframe id="frame" srcdoc="${INSIDE.replaceAll('"', "'")}"></iframe>
<script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '${INSIDE}<slot></slot>'</script></body></html>`;

const at = (path: string, ...properties: string[]): Probe[] => properties.map((property) => [path, property] as const);
const act = (name: string, work: Step['act']): Step => ({ name, act: work });

test('what is pointed at, pressed and focused', { timeout: 240_000 }, async () => {
  const parts = ['', '#host >> ', '#frame >> '];
  const probes = [
    ...parts.flatMap((part) => [...at(`${part}#b`, 'color', 'background-color'), ...at(`${part}#p`, 'color'), ...at(`${part}#i`, 'color')]),
    ...at('#i', 'outline-style'),
    ...at('#frame >> #i', 'outline-style'),
    ...at('#host >> #j', 'color'),
    ...['#x', '#inserted', '#adopted', '#late', '#host'].flatMap((path) => at(path, 'color')),
  ];
  const press = (selector: string) => async (page: Page) => {
    await (selector.startsWith('frame ') ? page.frameLocator('#frame').locator(selector.slice(6)) : page.locator(selector)).hover();
    await page.mouse.down();
  };
  const steps: Step[] = [
    act('rules that come later', `document.styleSheets[0].insertRule('#inserted:hover { color: rgb(6, 6, 6) }', 0);
      const own = new CSSStyleSheet(); own.replaceSync('@media all { #adopted:hover { color: rgb(6, 6, 6) } } #host:hover { color: rgb(6, 6, 7) }'); document.adoptedStyleSheets = [own]; document.body.style.color = 'green'`),
    act('inserted', (page) => page.hover('#inserted')),
    act('adopted', (page) => page.hover('#adopted')),
    act('an escape', (page) => page.hover('#x')),
    act('pressed', press('#b >> nth=0')),
    act('let go', (page) => page.mouse.up()),
    act('its class changes meanwhile', 'b.className = "other"; b.style.color = "rgb(20, 20, 20)"'),
    act('by the keyboard', (page) => page.keyboard.press('Tab')),
    act('and back', (page) => page.keyboard.press('Shift+Tab')),
    act('in the shadow tree', press('#host >> #b')),
    act('let go there', (page) => page.mouse.up()),
    act('a field in the shadow tree', (page) => page.click('#host >> #i')),
    act('the next one there', (page) => page.keyboard.press('Tab')),
    act('in the frame', press('frame #b')),
    act('let go in the frame', (page) => page.mouse.up()),
    act('a field in the frame', (page) => page.frameLocator('#frame').locator('#i').click()),
    act('the focus goes', 'frames[0].document.activeElement.blur()'),
    act('an element is defined', 'customElements.define("my-late", class extends HTMLElement {})'),
  ];
  await expectSeen(browser, POINTED, probes, steps);
});

const MEDIA = `<!doctype html><html lang="en"><head><title>Media</title><meta name="color-scheme" content="light dark"><style>
  .dark { color: red } @media (prefers-color-scheme: dark) { .dark { color: rgb(1, 1, 1) } }
  @media not all and (prefers-color-scheme: light) { .nested { color: rgb(1, 2, 1) } } @supports (color: red) { @media (min-width: 1px) { @media (prefers-color-scheme: dark) { .deep { color: rgb(1, 3, 1) } } } }
  @media (prefers-reduced-motion) { .motion { color: rgb(2, 2, 2) } } @media (prefers-contrast: more) { .contrast { color: rgb(3, 3, 3) } }
  @media (hover: none) and (pointer: coarse) { .touch { color: rgb(4, 4, 4) } } @media (any-hover) { .any { color: rgb(4, 5, 4) } }
  @media (min-resolution: 1.5dppx) { .fine { color: rgb(5, 5, 5) } } @media (-webkit-min-device-pixel-ratio: 2) { .fine { background-color: rgb(5, 6, 5) } } @media (1dppx < resolution <= 192dpi) { .range { color: rgb(5, 7, 5) } }
  @media (forced-colors: active) { .forced { color: rgb(6, 6, 6) } } @media print { p { color: gold } }
  .both { color: light-dark(rgb(7, 7, 7), rgb(8, 8, 8)); background-color: Canvas } .own { color-scheme: light dark; color: light-dark(rgb(7, 1, 7), rgb(8, 1, 8)) } .only { color-scheme: light; color: light-dark(rgb(7, 2, 7), rgb(8, 2, 8)) }
</style><style media="(prefers-color-scheme: dark)">.sheet { color: rgb(9, 9, 9) }</style></head><body>
${['dark', 'nested', 'deep', 'motion', 'contrast', 'touch', 'any', 'fine', 'range', 'forced', 'both', 'own', 'only', 'sheet', 'inserted', 'adopted'].map((name) => `<p class="${name}">${name}</p>`).join('')}
<picture><source media="(prefers-color-scheme: dark)" srcset="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'/%3E"><img id="img" alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='20' height='20'/%3E"></picture>
<div id="host"></div><script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<style>@media (prefers-color-scheme: dark) { p { color: rgb(10, 10, 10) } }</style><p>shadow</p>'</script></body></html>`;

const MEDIA_PROBES = [
  ...['dark', 'nested', 'deep', 'motion', 'contrast', 'touch', 'any', 'fine', 'range', 'forced', 'both', 'own', 'only', 'sheet', 'inserted', 'adopted'].flatMap((name) => at(`.${name}`, 'color', 'background-color')),
  ...at('#img', 'width'),
  ...at('#host >> p', 'color'),
];
const LATER = `document.styleSheets[0].insertRule('@media (prefers-color-scheme: dark) { .inserted { color: rgb(11, 1, 1) } }', 0); document.styleSheets[0].insertRule('@media (prefers-color-scheme: light) { .inserted { color: rgb(11, 1, 2) } }', 0);
  const own = new CSSStyleSheet(); own.replaceSync('@media (prefers-color-scheme: dark) { .adopted { color: rgb(11, 2, 1) } } @media (prefers-color-scheme: light) { .adopted { color: rgb(11, 2, 2) } }'); document.adoptedStyleSheets = [own]`;

test('a dark visit of a fine screen, seen by a watcher whose browser is light', { timeout: 240_000 }, async () => {
  const steps = [
    act('rules that come later', LATER),
    act('light, and less motion', (page) => page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })),
    act('more contrast', (page) => page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce', contrast: 'more' })),
    act('dark again', (page) => page.emulateMedia({ colorScheme: 'dark', forcedColors: 'none' })),
  ];
  await expectSeen(browser, MEDIA, MEDIA_PROBES, steps, { context: { colorScheme: 'dark', deviceScaleFactor: 2 } });
});

test('a light visit of a phone, seen by a watcher whose browser is dark', { timeout: 240_000 }, async () => {
  const steps = [act('rules that come later', LATER), act('dark', (page) => page.emulateMedia({ colorScheme: 'dark' }))];
  await expectSeen(browser, MEDIA, MEDIA_PROBES, steps, { context: { isMobile: true, hasTouch: true, viewport: { width: 412, height: 800 } }, watcher: { dark: true } });
});

test('what is not pointed at, and what the address names', { timeout: 240_000 }, async () => {
  const page = `<!doctype html><html lang="en"><head><title>Target</title><style>p, button { color: red } button:not(:hover) { color: rgb(1, 1, 1) } p:target { color: rgb(2, 2, 2) } body:has(:target) button { background-color: rgb(3, 3, 3) }</style></head>
    <body><button id="b">b</button><p id="one">one</p><p id="two">two</p></body></html>`;
  const probes = [...at('#b', 'color', 'background-color'), ...at('#one', 'color')];
  const steps = [
    act('pointed at', (tab) => tab.hover('#b')),
    act('named', 'location.hash = "one"'),
    act('another', 'location.hash = "two"'),
    act('none', 'location.hash = "nowhere"'),
    act('pointed elsewhere', (tab) => tab.mouse.move(300, 300)),
  ];
  await expectSeen(browser, page, probes, steps);
});

const SCREEN = `<!doctype html><html lang="en"><head><title>Screen</title><style>
  @media (max-device-width: 1000px) { #one { color: rgb(1, 1, 1) } } @media only screen and (min-device-width: 1200px) and (max-device-width: 80em) { #two { color: rgb(1, 1, 2) } } @media (device-width >= 1300px) { #three { color: rgb(1, 1, 3) } }
  @media (device-height: 720px) { #four { color: rgb(1, 1, 4) } } @media (min-device-aspect-ratio: 16/9) { #five { color: rgb(1, 1, 5) } } @media (device-aspect-ratio < 1) { #five { background-color: rgb(1, 1, 6) } }
</style></head><body>${['one', 'two', 'three', 'four', 'five', 'later'].map((id) => `<p id="${id}">${id}</p>`).join('')}<iframe id="frame" width="300" srcdoc="<style>@media (max-device-width: 480px) { p { color: rgb(2, 2, 2) } }</style><p>frame</p>"></iframe></body></html>`;

test('how large the screen is on which the page is', { timeout: 120_000 }, async () => {
  const probes = [...['one', 'two', 'three', 'four', 'five', 'later'].flatMap((id) => at(`#${id}`, 'color', 'background-color')), ...at('#frame >> p', 'color')];
  const steps = [act('a rule that comes later', `document.styleSheets[0].insertRule('@media (max-device-width: 1280px) { #later { color: rgb(3, 3, 3) } }', 0)`)];
  await expectSeen(browser, SCREEN, probes, steps, { context: { viewport: { width: 900, height: 600 }, screen: { width: 1280, height: 720 } } });
});

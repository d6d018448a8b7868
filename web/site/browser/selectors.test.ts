/** Style rules that ask for attributes, elements and states that a replay has otherwise than the page: each finds what it found. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Probe, expectSeen } from './computed';

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** HTML, and a selector that finds the element of the class `t` in it. */
const FOUND: readonly (readonly [html: string, selector: string])[] = [
  ['<button class="t" onclick="go()">b</button>', '[onclick]'],
  [`<b class="t">b</b><img alt="" onload="x()" src="${PIXEL}">`, 'b:has(+ [onload])'],
  ['<p class="t" onmouseenter="x()">p</p>', 'p[onmouseenter]'],
  ['<input class="t" value="">', 'input[value=""]'],
  ['<input class="t" type="submit" value="Go">', 'input[value="Go"]'],
  ['<input class="t" type="checkbox" value="yes" checked>', 'input[value="yes"][checked]'],
  ['<script></script><p class="t">p</p>', 'script + p'],
  ['<p class="t">p</p><script type="text/x">1</script>', ':has(+ script[type="text/x"])'],
  ['<script></script><p class="t">p</p>', 'p:not(noscript + p):nth-child(2):nth-of-type(1)'],
  ['<noscript>x</noscript><p class="t">p</p>', 'noscript + p'],
  ['<div class="t"><script></script></div>', 'div:has(script):not(:empty)'],
  ['<div style="display: flex; gap: 9px"><script></script><p class="t">p</p></div>', 'p:not(script ~ * ~ p)'],
  ['<div class="t"><!-- c --></div>', 'div:empty'],
  [`<img alt="" class="t" srcset="${PIXEL} 1x">`, '[srcset]:not([src])'],
  ['<a class="t" href="javascript:void(0)">a</a>', '[href^="javascript:"]:any-link'],
  ['<a class="t" href="#top">a</a>', 'a[href="#top"]'],
  ['<a class="t" href="/deep/page">a</a>', 'a[href="/deep/page"]:not([href^="http"])'],
  ['<a class="t" href="deep/page.pdf">a</a>', 'a[href$=".pdf"]:not([href*="//"])'],
  ['<a class="t" href="https://other.example/a">a</a>', 'a[href^="https://other.example"]'],
  ['<a class="t" href="/x" rel="nofollow" referrerpolicy="origin">a</a>', '[rel="nofollow"][referrerpolicy]'],
  ['<link rel="icon" href="/i.png"><p class="t">p</p>', 'link[rel="icon"][href] + p'],
  ['<iframe class="t" src="/page-copy.js"></iframe>', 'iframe[src*="page-copy"]'],
  ['<iframe class="t" src="https://other.example/embed/1"></iframe>', 'iframe[src*="other.example/embed"]'],
  ['<iframe class="t" name="inner" allow="camera" sandbox="allow-scripts"></iframe>', 'iframe[name="inner"][allow][sandbox]:not([src])'],
  ['<object class="t" type="text/plain" data="/page-copy.js"></object>', 'object[type="text/plain"][data]'],
  ['<form class="t" action="https://shop.example/x" method="post"></form>', 'form[action$="/x"][method="post"]'],
  ['<form><button class="t" formaction="/x">b</button></form>', '[formaction]'],
  [`<img alt="" class="t" crossorigin src="${PIXEL}">`, '[crossorigin][src^="data:"]'],
  ['<meta name="x" content="y"><p class="t">p</p>', 'meta[content="y"] + p'],
  ['<meta http-equiv="x-ua-compatible" content="y"><p class="t">p</p>', 'meta[http-equiv] + p'],
  ['<input class="t" autofocus>', '[autofocus]'],
  ['<p class="t" style="color: red">p</p>', '[style*="color: red"]'],
  ['<input class="t" pattern="[a-z]+" value="abc">', '[pattern]:valid'],
  ['<input class="t" type="email" value="ada@example.com">', '[type="email"]:valid'],
  ['<iframe class="t" srcdoc="<p>inner</p>"></iframe>', 'iframe[srcdoc]:not([src])'],
  ['<input class="t" type="number" min="1" max="5" value="9">', ':out-of-range'],
  ['<input class="t" type="number" min="1" max="5" value="3">', ':in-range'],
  ['<input class="t" type="date" min="2026-01-01" value="2025-01-01">', ':out-of-range'],
  ['<input class="t" type="range" min="1" max="5" value="3">', ':in-range'],
  ['<input class="t">', 'input:not([value])'],
  ['<textarea class="t"></textarea>', 'textarea:not([value])'],
];
const RULES = FOUND.map(([, selector], n) => `#w${n} ${selector} { scroll-margin-top: ${n + 1}px }`).join('\n');
const ROOT = 'html:not([class]) { scroll-margin-top: 4px } body[onload] { scroll-margin-top: 3px } :host([onclick]) p { color: rgb(1, 2, 3) } script + b { color: rgb(4, 5, 6) }';
const PAGE = `<!doctype html><html lang="en"><head><title>Selectors</title><style>${RULES}${ROOT}</style></head><body onload="window.loaded = 1">${FOUND.map(([html], n) => `<div id="w${n}">${html}</div>`).join('\n')}
<div id="host" onclick="go()"></div><div id="late"></div><script>host.attachShadow({ mode: 'open' }).innerHTML = '<style>${ROOT}</style><script><\\/script><b>b</b><p>p</p>'</script></body></html>`;

const LATER = `late.innerHTML = '<div id="w90"><button class="t">b</button></div>'; late.prepend(...document.querySelectorAll('[id^="w"]:not(#w90)'));
  const script = document.createElement('script'); document.querySelector('#w90').prepend(script); document.querySelector('#w90 .t').setAttribute('onclick', 'go()')
  document.styleSheets[0].insertRule('#w90 script + [onclick] { scroll-margin-top: 90px }', 0)`;

test('rules find what they found', async () => {
  const probes: Probe[] = [
    ...[...FOUND.keys(), 90].map((n): Probe => [`#w${n} .t`, 'scroll-margin-top']),
    ...['html', 'body'].map((path): Probe => [path, 'scroll-margin-top']),
    ['#host >> p', 'color'],
    ['#host >> b', 'color'],
    ['#w11 .t', '.offsetLeft'],
    ['#w14 .t', 'text-decoration-line'],
  ];
  const { lines } = await expectSeen(browser, PAGE, probes, [
    { name: 'moved, and new ones', act: LATER },
    { name: 'a link leads elsewhere', act: `document.querySelector('#w16 .t').setAttribute('href', 'https://other.example/'); document.querySelector('#w90 .t').removeAttribute('onclick'); document.querySelector('#w14 .t').href = '/now'` },
  ]);
  expect(lines.join('')).not.toContain('go()');
});

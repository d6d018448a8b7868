/** Pages of which each holds nodes that a replay could rebuild as something else. */
export interface Case {
  readonly name: string;
  /** What the body holds. @default nothing */
  readonly body?: string;
  /** In place of the whole page. */
  readonly page?: string;
  /** @default text/html */
  readonly type?: string;
  /** What a script does then, as an expression. */
  readonly act?: string;
}

const PUT = (html: string): string => `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(html)})`;
const FRACTION = '<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>';
const FRAME_LATER = `frame = document.createElement('iframe'); document.body.append(frame)`;
const SVG = `<svg width="90" height="40" viewBox="0 0 90 40"><defs><linearGradient id="g"><stop offset="0" stop-color="red"></stop></linearGradient>
  <clipPath id="c"><rect width="20" height="20"></rect></clipPath></defs><rect width="50" height="30" fill="url(#g)" clip-path="url(#c)"></rect>
  <use xlink:href="#c"></use><foreignObject x="2" y="3" width="60" height="30"><p class="in">html</p></foreignObject><style>.in { margin: 0 }</style></svg>`;
const table = (rows: string): string => `<table><tbody>${rows}</tbody></table>`;

export const CASES: readonly Case[] = [
  { name: 'a frame that gets its srcdoc after it was appended', act: `${FRAME_LATER}; setTimeout(() => frame.srcdoc = '<p>later</p>', 50)` },
  { name: 'a frame that gets its srcdoc at once after it was appended', act: `${FRAME_LATER}; frame.srcdoc = '<p>at once</p>'` },
  { name: 'a frame with srcdoc that is appended', act: `frame = document.createElement('iframe'); frame.srcdoc = '<p>before</p>'; document.body.append(frame)` },
  { name: 'a frame in the page', body: '<iframe srcdoc="<p>first</p>"></iframe>', act: `frame = document.querySelector('iframe'); frame.srcdoc = '<p>second</p>'` },
  {
    name: 'a frame in a shadow root that gets its srcdoc later',
    body: '<div id="h"></div>',
    act: `frame = document.createElement('iframe'); h.attachShadow({ mode: 'open' }).append(frame); setTimeout(() => frame.srcdoc = '<p>in shadow</p>', 50)`,
  },
  {
    name: 'a frame in a shadow root that was there, and gets its srcdoc later',
    body: '<div id="h"><template shadowrootmode="open"><p>root</p></template></div>',
    act: `frame = document.createElement('iframe'); h.shadowRoot.append(frame); setTimeout(() => frame.srcdoc = '<p>in shadow</p>', 50)`,
  },
  { name: 'a nested frame', act: `${FRAME_LATER}; setTimeout(() => frame.srcdoc = '<iframe srcdoc="<b>inner</b>"></iframe>', 50)` },
  {
    name: 'a frame in a frame that gets its srcdoc later',
    body: '<iframe srcdoc="<p>outer</p>"></iframe>',
    act: `outer = document.querySelector('iframe').contentDocument; frame = outer.createElement('iframe'); outer.body.append(frame); setTimeout(() => frame.srcdoc = '<b>inner</b>', 50)`,
  },
  {
    name: 'a frame that is moved',
    body: '<div id="to"></div><iframe srcdoc="<p>moved</p>"></iframe>',
    act: `to.append(document.querySelector('iframe'))`,
  },
  {
    name: 'a frame that is removed and put back',
    body: '<iframe srcdoc="<p>back</p>"></iframe><p>after</p>',
    act: `frame = document.querySelector('iframe'); frame.remove(); setTimeout(() => document.body.prepend(frame), 60)`,
  },
  { name: 'a blank frame that is written', act: `${FRAME_LATER}; setTimeout(() => { d = frame.contentDocument; d.open(); d.write('<!doctype html><p>written</p>'); d.close() }, 50)` },
  { name: 'a blank frame that is written at once', act: `${FRAME_LATER}; d = frame.contentDocument; d.open(); d.write('<p>written at once</p>'); d.close()` },
  {
    name: 'a frame that is written and never closed, and changes then',
    body: '<iframe srcdoc="<p>first</p>"></iframe>',
    act: `d = document.querySelector('iframe').contentDocument; d.open(); d.write('<p id="p">written</p>'); setTimeout(() => { d.getElementById('p').textContent = 'changed'; d.body.append(d.createElement('hr')) }, 150)`,
  },
  {
    name: 'a blank frame that is written at once and never closed, and changes then',
    act: `${FRAME_LATER}; d = frame.contentDocument; d.open(); d.write('<p id="p">written</p>'); setTimeout(() => { d.getElementById('p').textContent = 'changed'; d.body.append(d.createElement('hr')) }, 150)`,
  },
  {
    name: 'a frame in a frame that is written and never closed',
    body: '<iframe src="/one"></iframe>',
    act: `outer = document.querySelector('iframe').contentWindow; outer.eval("f = document.createElement('iframe'); document.body.append(f); d = f.contentDocument; d.open(); d.write('<p>written</p>'); setTimeout(() => d.write('<b>more</b>'), 100)")`,
  },
  {
    name: 'a frame in a frame whose script writes it and does not close it',
    body: '<iframe src="/one"></iframe>',
    act: `outer = document.querySelector('iframe').contentWindow; s = outer.document.createElement('script'); s.text = "f = document.createElement('iframe'); document.body.append(f); d = f.contentDocument; d.open(); d.write('<p>written</p>'); setTimeout(() => d.write('<b>more</b>'), 100)"; outer.document.body.append(s)`,
  },
  {
    name: 'a frame that is written again while it is written',
    body: '<iframe srcdoc="<p>first</p>"></iframe>',
    act: `d = document.querySelector('iframe').contentDocument; d.open(); d.write('<p>once</p>'); setTimeout(() => { d.open(); d.write('<p>twice'); setTimeout(() => d.write('<b>more</b>'), 80) }, 80)`,
  },
  {
    name: 'a frame whose root element is replaced, and changes then',
    body: '<iframe srcdoc="<p>first</p>"></iframe>',
    act: `d = document.querySelector('iframe').contentDocument; h = d.createElement('html'); h.innerHTML = '<body><p id="p">other</p></body>'; d.replaceChild(h, d.documentElement); setTimeout(() => { d.getElementById('p').textContent = 'changed'; d.body.append(d.createElement('hr')) }, 150)`,
  },
  {
    name: 'a frame that loses its root element and gets another',
    body: '<iframe srcdoc="<p>first</p>"></iframe>',
    act: `d = document.querySelector('iframe').contentDocument; d.documentElement.remove(); setTimeout(() => { h = d.createElement('html'); h.innerHTML = '<body><p>other</p></body>'; d.append(h) }, 80)`,
  },
  { name: 'a blank frame that is filled by a script', act: `${FRAME_LATER}; setTimeout(() => frame.contentDocument.body.innerHTML = '<p>filled</p>', 50)` },
  { name: 'a blank frame that is filled at once', act: `${FRAME_LATER}; frame.contentDocument.body.innerHTML = '<p>filled</p>'` },
  { name: 'a frame that names about:blank and is filled', act: `${FRAME_LATER}; frame.src = 'about:blank'; setTimeout(() => frame.contentDocument.body.innerHTML = '<p>blank</p>', 80)` },
  {
    name: 'a shadow host that is removed and put back, and changes then',
    body: '<div id="h"><template shadowrootmode="open"><section><template shadowrootmode="open"><p>inner</p></template></section><p>outer</p></template></div><p>after</p>',
    act: `host = h; t = h.shadowRoot; n = t.querySelector('section').shadowRoot; h.remove(); setTimeout(() => { document.body.prepend(host); setTimeout(() => { n.querySelector('p').append('!'); t.append(document.createElement('hr')) }, 60) }, 60)`,
  },
  {
    name: 'a shadow host that changes while it is away',
    body: '<div id="h"><template shadowrootmode="open"><p>one</p></template></div><p>after</p>',
    act: `host = h; h.remove(); setTimeout(() => { host.shadowRoot.querySelector('p').append('!'); document.body.append(host); host.shadowRoot.prepend(document.createElement('hr')) }, 60)`,
  },
  {
    name: 'a shadow host that is moved, and changes then',
    body: '<div id="h"><template shadowrootmode="open"><p>one</p></template></div><div id="to"></div>',
    act: `to.append(h); setTimeout(() => { h.shadowRoot.querySelector('p').append('!'); h.shadowRoot.append(document.createElement('hr')) }, 60)`,
  },
  { name: 'a frame whose src is changed', body: '<iframe src="/one"></iframe>', act: `document.querySelector('iframe').src = '/two'` },
  { name: 'a frame that gets a src later', act: `${FRAME_LATER}; setTimeout(() => frame.src = '/one', 50)` },
  { name: 'a frame that leads itself elsewhere', body: '<iframe src="/one"></iframe>', act: `document.querySelector('iframe').contentWindow.location.href = '/two'` },
  {
    name: 'a frame whose second page changes a rule',
    body: '<iframe src="/one"></iframe>',
    act: `f = document.querySelector('iframe'); f.addEventListener('load', () => { d = f.contentDocument; s = d.createElement('style'); s.textContent = 'b { display: block }'; d.head.append(s); d.body.append(d.createElement('p')); setTimeout(() => { s.sheet.cssRules[0].selectorText = 'p'; s.sheet.cssRules[0].style.height = '40px' }, 80) }); f.src = '/two'`,
  },
  { name: 'a frame that loses its srcdoc', body: '<iframe src="/one" srcdoc="<p>doc</p>"></iframe>', act: `document.querySelector('iframe').removeAttribute('srcdoc')` },
  {
    name: 'a frame that changes after it got its srcdoc',
    act: `${FRAME_LATER}; setTimeout(() => { frame.onload = () => setTimeout(() => frame.contentDocument.body.append('changed'), 60); frame.srcdoc = '<p>x</p>' }, 50)`,
  },
  { name: 'two frames, of which one has a srcdoc', act: `${FRAME_LATER}; second = frame.cloneNode(); document.body.append(second); setTimeout(() => second.srcdoc = '<p>second</p>', 50)` },

  { name: 'MathML in the page', body: FRACTION },
  { name: 'MathML that is added', act: PUT(FRACTION) },
  { name: 'MathML of which a part is added', body: '<math><mrow id="row"><mi>x</mi></mrow></math>', act: `row.innerHTML += '<msqrt><mn>9</mn></msqrt>'` },
  { name: 'MathML that is changed', body: '<math><mi id="x" mathvariant="normal">x</mi></math>', act: `x.setAttribute('mathvariant', 'bold'); x.textContent = 'y'` },
  { name: 'MathML with annotations', body: '<math><semantics><mi>x</mi><annotation encoding="TeX">x</annotation><annotation-xml encoding="text/html"><p>html</p></annotation-xml><annotation-xml encoding="MathML-Content"><ci>x</ci></annotation-xml></semantics></math>' },
  { name: 'HTML and SVG in MathML', body: '<math><mtext>t<b>bold</b><svg width="9" height="9"><rect width="5" height="5"></rect></svg></mtext><mi>x</mi></math>' },
  { name: 'MathML in a foreignObject', body: `<svg width="90" height="60"><foreignObject width="80" height="50">${FRACTION}</foreignObject></svg>` },
  { name: 'MathML in a foreignObject that is added', act: PUT(`<svg width="90" height="60"><foreignObject width="80" height="50">${FRACTION}</foreignObject></svg>`) },
  { name: 'MathML in a shadow root', body: `<div id="h"></div>`, act: `h.attachShadow({ mode: 'open' }).innerHTML = '${FRACTION}'` },
  { name: 'MathML in a frame', act: `${FRAME_LATER}; frame.srcdoc = '${FRACTION}'` },
  { name: 'MathML that is moved', body: `<p id="to"></p>${FRACTION}`, act: `to.append(document.querySelector('math'))` },
  { name: 'MathML of which a part is moved and one removed', body: '<math><mi id="a">a</mi><mi id="b">b</mi><mi id="c">c</mi></math>', act: `a.before(c); b.remove()` },
  { name: 'MathML with a namespaced attribute', body: '<math xlink:href="#x" xml:lang="de" display="block"><mi>x</mi></math>' },
  { name: 'elements that only have names of MathML', act: `m = document.createElement('math'); m.append(document.createElement('mfrac')); m.firstChild.append('1', '2'); document.body.append(m)` },

  { name: 'SVG in the page', body: SVG },
  { name: 'SVG that is added', act: PUT(SVG) },
  { name: 'parts of SVG that are added', body: '<svg id="s" width="90" height="40"></svg>', act: `s.innerHTML = ${JSON.stringify('<linearGradient id="g"></linearGradient><radialGradient></radialGradient><textPath>t</textPath><g><clipPath></clipPath><foreignObject width="30" height="20"><p>html</p></foreignObject></g>')}` },
  {
    name: 'an attribute of XLink that changes',
    body: '<svg width="60" height="30"><symbol id="a"><rect width="9" height="9"></rect></symbol><symbol id="b"><rect width="5" height="5"></rect></symbol><use id="u" xlink:href="#b"></use></svg>',
    act: `u.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', '#a')`,
  },
  {
    name: 'attributes of XLink and XML that come later, and one that goes',
    body: '<svg width="60" height="30"><symbol id="a"><rect width="9" height="9"></rect></symbol><use id="u"></use><use id="v" xlink:href="#a"></use><text id="t" y="20">a  b</text></svg>',
    act: `const xlink = 'http://www.w3.org/1999/xlink'; u.setAttributeNS(xlink, 'xlink:href', '#a'); v.removeAttributeNS(xlink, 'href'); t.setAttributeNS('http://www.w3.org/XML/1998/namespace', 'xml:space', 'preserve')`,
  },
  { name: 'attributes of XML', body: '<svg width="60" height="30" xml:lang="de" xml:space="preserve"><text y="20">a  b</text></svg>' },
  { name: 'attributes of XML that are added', act: PUT('<svg width="60" height="30" xml:lang="de" xml:space="preserve"><text y="20">a  b</text></svg>') },
  { name: 'an SVG in a foreignObject in an SVG', body: '<svg width="60" height="30"><foreignObject width="50" height="20"><div><svg width="10" height="10"><circle r="4"></circle></svg></div></foreignObject></svg>' },
  { name: 'elements that only have names of SVG', act: `e = document.createElement('svg'); e.append(document.createElement('rect')); document.body.append(e)` },
  { name: 'a style element of an SVG that is added', act: PUT('<svg width="60" height="30"><style>rect { fill: red } p { height: 40px }</style><rect width="9" height="9"></rect></svg><p>p</p>') },
  { name: 'a title and an a in SVG', body: '<svg width="60" height="30"><title>t</title><a href="#x"><text y="20">link</text></a></svg>' },
  { name: 'an SVG font element and a script', act: PUT('<svg width="60" height="30"><text y="12"><tspan>a</tspan></text><image width="4" height="4"></image><filter><feGaussianBlur stdDeviation="2"></feGaussianBlur></filter></svg>') },

  { name: 'the content of a template', body: '<template><p>in a template</p></template><p>p</p>' },
  { name: 'a template that is added', act: PUT('<template><p>in a template</p></template><p>p</p>') },
  { name: 'an element with is', body: '<button is="x-button">b</button>', act: `customElements.define('x-button', class extends HTMLButtonElement { connectedCallback() { this.textContent = 'defined' } }, { extends: 'button' })` },
  { name: 'a custom element', body: '<x-late>l</x-late><style>x-late:not(:defined) { display: none }</style>', act: `customElements.define('x-late', class extends HTMLElement {})` },
  { name: 'a custom element that was defined', body: '<script>customElements.define("x-now", class extends HTMLElement {})</script><x-now>now</x-now><x-never>never</x-never><style>:not(:defined) { display: block; height: 33px }</style>' },
  { name: 'a row that is added', body: table('<tr><td>1</td></tr>'), act: `r = document.createElement('tr'); r.innerHTML = '<td>2</td><td>3</td>'; document.querySelector('tbody').append(r)` },
  { name: 'a row without a table', act: `r = document.createElement('tr'); r.innerHTML = '<td>2</td>'; document.body.append(r)` },
  { name: 'noscript', body: '<noscript><p>no script</p></noscript><p>p</p>', act: PUT('<noscript><p>no script</p></noscript><p>p</p>') },
  { name: 'comments', body: '<!-- one --><p>p<!--two--></p>', act: `document.body.append(document.createComment('three'))` },
  { name: 'a page without doctype', page: '<html><head></head><body><table><tr><td>1</td></tr></table><img width="5" height="5"><p style="height:50%">p</p></body></html>' },
  { name: 'a page with a comment in place of a doctype', page: '<!-- c --><html><head></head><body><div style="width:50"><p>p</p></div></body></html>' },
  { name: 'a page with an old doctype', page: '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head></head><body><div style="width:50"><p>p</p></div></body></html>' },
  { name: 'a page of almost standards', page: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html><head></head><body><table><tr><td><img width="5" height="5"></td></tr></table></body></html>' },
  { name: 'a page with a comment before its doctype', page: '<!-- c --><!doctype html><html><head></head><body><div style="width:50"><p>p</p></div></body></html>' },
  { name: 'a frame in quirks mode', body: '<iframe srcdoc="<p>standards</p>"></iframe>', act: `${FRAME_LATER}; frame.src = '/one'` },
  { name: 'a frame in quirks mode in a page in quirks mode', page: '<html><body><p>p</p></body></html>', act: `${FRAME_LATER}; frame.srcdoc = '<!doctype html><p>standards</p>'` },
  {
    name: 'a page in XHTML',
    type: 'application/xhtml+xml',
    page: '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body><p>p &lt; q</p><![CDATA[data]]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math><br/></body></html>',
  },
  { name: 'elements with a prefix', act: PUT('<a:b>prefix</a:b><o:p>word</o:p>') },
  { name: 'elements of another namespace', act: `e = document.createElementNS('urn:x', 'x:y'); e.append('text'); document.body.append(e)` },
  { name: 'an element in upper case', act: `e = document.createElementNS('http://www.w3.org/1999/xhtml', 'DIV'); e.append('text'); document.body.append(e, 'after')` },
  { name: 'odd names', act: PUT('<foo_bar>1</foo_bar><x.y>2</x.y><x-col-90>3</x-col-90><p @click="x" :a="b" v-on:x="y">attributes</p>') },
  { name: 'a custom element with letters of other languages', act: PUT('<x-ä>1</x-ä><emotion-日本>2</emotion-日本>') },
  { name: 'frames of a frameset', page: '<!doctype html><html><head><title>f</title></head><frameset cols="30%,*"><frame src="/one"><frameset rows="50%,50%"><frame src="/two"><frame src="/three"></frameset></frameset></html>' },
  { name: 'an embed and an object that shows what is in it', body: '<object width="40" height="20"><p>fallback</p></object><embed width="40" height="20">' },
  { name: 'a declarative shadow root', body: '<div id="h"><template shadowrootmode="open"><p>root</p><slot></slot></template><i>light</i></div>' },
  {
    name: 'a declarative shadow root in a frame that comes later, and changes then',
    act: `${FRAME_LATER}; frame.srcdoc = '<div><template shadowrootmode="open"><p>root</p></template></div>'; setTimeout(() => frame.contentDocument.querySelector('div').shadowRoot.append('more'), 250)`,
  },
  {
    name: 'a shadow tree that changes as its host is moved',
    body: '<p>p</p><div id="h"></div>',
    act: `h.attachShadow({ mode: 'open' }).innerHTML = '<p>first</p>'; setTimeout(() => { h.shadowRoot.firstChild.firstChild.data = 'second'; document.body.prepend(h) }, 50)`,
  },
  {
    name: 'an element that leaves a shadow tree as that is made',
    body: '<div id="h"></div>',
    act: `tree = h.attachShadow({ mode: 'open' }); tree.innerHTML = '<p>leaves</p><b>stays</b>'; document.body.append(tree.firstChild)`,
  },
  {
    name: 'elements that move into a new element of one that moves',
    body: '<ul><li>1</li><li>2</li></ul><section><p>p</p></section>',
    act: `moved = document.querySelector('section'); moved.remove(); made = document.createElement('div'); made.append(...document.querySelector('ul').children); moved.firstChild.append(made); document.body.append(moved)`,
  },
  {
    name: 'a style sheet that is switched as it is made, and has another text then',
    body: '<p class="a">p</p>',
    act: `made = document.createElement('style'); made.textContent = '.a { height: 50px }'; document.body.append(made); made.sheet.media.mediaText = 'print'; setTimeout(() => made.textContent = '.a { height: 60px }', 50)`,
  },
  {
    name: 'sheets that a shadow tree adopts as it is made',
    body: '<div id="h"></div>',
    act: `tree = h.attachShadow({ mode: 'open' }); tree.innerHTML = '<p class="a">p</p>'; one = new CSSStyleSheet(); one.replaceSync('p { width: 50px }'); two = new CSSStyleSheet();
      tree.adoptedStyleSheets = [one]; tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, two]; two.insertRule('.a { height: 50px }')`,
  },
  {
    name: 'a frame whose document is scrolled',
    body: '<iframe srcdoc="<!doctype html><p>one</p><div style=height:900px>tall</div>"></iframe><iframe srcdoc="<p>quirks</p><div style=height:900px>tall</div>"></iframe>',
    act: `for (const { contentWindow } of document.querySelectorAll('iframe')) contentWindow.scrollTo(0, 50)`,
  },
  { name: 'a style sheet that loses its last rule', body: '<style>p { height: 50px }</style><p>p</p>', act: `document.styleSheets[0].deleteRule(0)` },
  { name: 'slots with names', body: '<div id="h"><template shadowrootmode="open"><slot name="b"></slot><slot>fallback</slot></template><i slot="b">b</i>text</div>', act: `h.querySelector('i').slot = 'none'` },
  { name: 'a text that is split', body: '<p id="p">one two</p>', act: `p.firstChild.splitText(3); p.lastChild.nodeValue = ' three'` },
  { name: 'texts that are joined', body: '<p id="p">one</p>', act: `p.append(' two', ' three'); setTimeout(() => p.normalize(), 40)` },
  { name: 'an empty text that is filled', act: `t = document.createTextNode(''); document.body.append(t); setTimeout(() => t.data = 'filled', 40)` },
  { name: 'a text area with children', body: '<textarea>in it</textarea>' },
  { name: 'a body that is replaced', body: '<p>old</p>', act: `b = document.createElement('body'); b.innerHTML = '<p>new</p>'; document.body.replaceWith(b)` },
  { name: 'details, summary and dialog', body: '<details open><summary>s</summary>d</details><dialog open>o</dialog><fieldset><legend>l</legend></fieldset>' },
  { name: 'nested forms, links and paragraphs by a script', act: `p = document.createElement('p'); d = document.createElement('div'); d.append('in a p'); p.append(d); a = document.createElement('a'); a.append(a.cloneNode()); document.body.append(p, a)` },
];

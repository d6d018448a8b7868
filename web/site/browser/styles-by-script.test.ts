/** Style sheets that scripts change in ways that rrweb does not record, in documents, shadow trees and frames. */
import { test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen } from './computed';

/** Elements a to f, and the same in a shadow tree and a frame; each test has its own page. */
const page = (head: string, body = '') => `<!doctype html><html lang="en"><head><title>Styles</title>${head}</head>
<body>${[...'abcdef'].map((name) => `<p class="${name}">${name}</p>`).join('')}${body}</body></html>`;
const HOST = '<div id="host"></div>';
const SHADOW = `<script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<style>.a { color: red }</style><p class="a">a</p><p class="b">b</p>'</script>`;
const FRAME = `<iframe id="frame" srcdoc="<style>.a { color: red } @media all { @supports (color: red) { .b { color: red } } }</style><p class=a>a</p><p class=b>b</p>"></iframe>`;
const S = 'const sheet = document.querySelector("style").sheet, rules = sheet.cssRules;';

interface Case {
  readonly name: string;
  readonly page: string;
  readonly probes: readonly Probe[];
  readonly steps: readonly Step[];
  readonly before?: string;
  readonly watcher?: { byLinks: boolean };
}
const step = (name: string, act: string): Step => ({ name, act });
const color = (...paths: string[]): Probe[] => paths.map((path) => [path, 'color'] as const);

const CASES: readonly Case[] = [
  {
    name: 'declarations of a rule',
    page: page('<style>.a { color: red } .b { color: red } .c { color: red } .d { color: red } .e { color: red }</style>'),
    probes: color('.a', '.b', '.c', '.d', '.e'),
    steps: [
      step('property', `${S} rules[0].style.color = 'rgb(1, 2, 3)'; window.kept = rules[1].style`),
      step('kept declarations', 'kept.color = "rgb(2, 2, 3)"'),
      step('cssText', `${S} rules[2].style.cssText = 'color: rgb(3, 2, 3)'`),
      step('style', `${S} rules[3].style = 'color: rgb(4, 2, 3)'`),
      step('styleMap', `${S} rules[4].styleMap.set('color', 'rgb(5, 2, 3)')`),
      step('setProperty', `${S} rules[0].style.setProperty('color', 'rgb(6, 2, 3)', 'important')`),
      step('a rule before it', `${S} sheet.insertRule('.f { color: blue }', 0); rules[1].style.removeProperty('color')`),
    ],
  },
  {
    name: 'selectors, groups and nested rules',
    watcher: { byLinks: true }, // after a jump back, too, Chromium shows a keyframe of a paused animation in some runs only
    page: page(`<style>.x { color: blue !important } @media all { .a { color: red } } @layer one { .b { color: red; &.y { color: green } } }
      @supports (color: red) { @media all { .c { color: red } } } @container (min-width: 1px) { .d { color: red } } body { container-type: inline-size }
      @keyframes move { from { margin-left: 1px } to { margin-left: 1px } } .e { animation: move 1s paused } .f { & { color: red } }</style>`),
    probes: [...color('.a', '.b', '.c', '.d', '.f'), ['.e', 'margin-left']],
    steps: [
      step('selectorText', `${S} rules[0].selectorText = '.a'`),
      step('and back', `${S} rules[0].selectorText = '.x'`),
      step('a rule in a group', `${S} rules[1].cssRules[0].style.color = 'rgb(1, 1, 1)'`),
      step('a nested selector', `${S} rules[2].cssRules[0].cssRules[0].selectorText = '&'`),
      step('inserted at depth three', `${S} rules[3].cssRules[0].insertRule('.c { color: rgb(3, 1, 1) }', 1)`),
      step('in a container', `${S} rules[4].cssRules[0].style.color = 'rgb(4, 1, 1)'`),
      step('a keyframe', `${S} rules[6].cssRules[0].style.marginLeft = '7px'`),
      step('keyframes appended', `${S} rules[6].deleteRule('from'); rules[6].appendRule('from { margin-left: 9px }')`),
      step('nested in a rule', `${S} rules[8].insertRule('& { color: rgb(7, 1, 1) }', 1)`),
      step('media of a rule', `${S} rules[1].media.mediaText = 'print'`),
      step('media appended', `${S} rules[1].media.appendMedium('screen')`),
      // Once it has played, Chromium shows the appended keyframe of a paused animation in some runs only.
      step('no animation', `document.querySelector('.e').style.animation = 'none'`),
    ],
  },
  {
    name: 'sheets that are switched',
    page: page(`<style>.a { color: red }</style><style id="dark">.a { color: blue }</style><style id="off" media="print">.b { color: green }</style>
      <link id="link" rel="stylesheet" href="data:text/css,.c%7Bcolor:red%7D"><link id="other" rel="alternate stylesheet" title="x" href="data:text/css,.d%7Bcolor:red%7D">`),
    before: 'addEventListener("DOMContentLoaded", () => { document.querySelector("#dark").sheet.disabled = true })',
    probes: color('.a', '.b', '.c', '.d'),
    steps: [
      step('on', 'document.querySelector("#dark").sheet.disabled = false'),
      step('off by the element', 'document.querySelector("#dark").disabled = true'),
      step('media', 'document.querySelector("#off").sheet.media.mediaText = "screen"; window.kept = document.querySelector("#off").sheet.media'),
      step('kept media', 'kept.deleteMedium("screen"); kept.appendMedium("print")'),
      step('the attribute', 'document.querySelector("#off").media = "all"'),
      step('a link off', 'document.querySelector("#link").disabled = true'),
      step('a link on', 'document.querySelector("#link").disabled = false'),
      step('the alternate', 'const other = document.querySelector("#other"); other.disabled = true; other.disabled = false; await new Promise((soon) => (other.onload = soon))'),
      step('another file', 'document.querySelector("#link").href = "data:text/css,.c%7Bcolor:rgb(9,9,9)%7D"'),
      step('a rule of the link', 'document.querySelector("#link").sheet.cssRules[0].style.color = "rgb(8, 9, 9)"'),
      step('another text of one that is off', 'document.querySelector("#dark").textContent = ".a { color: rgb(1, 9, 9) }"'),
      step('off again', 'document.querySelector("#dark").sheet.disabled = true'),
      step('and a part of its text', 'document.querySelector("#dark").firstChild.data = ".a { color: rgb(2, 9, 9) }"'),
    ],
  },
  {
    name: 'adopted sheets',
    page: page('', `${HOST}<div id="second"></div>`),
    probes: color('.a', '.b', '#host >> .a', '#second >> .a', '#host >> .b', '#second >> .b'),
    steps: [
      step('adopted', `window.sheet = new CSSStyleSheet(); sheet.replaceSync('.a { color: red } .b { color: red }'); document.adoptedStyleSheets = [sheet];
        for (const id of ['host', 'second']) document.getElementById(id).attachShadow({ mode: 'open' }).innerHTML = '<p class="a">a</p><p class="b">b</p>'`),
      step('shared by two trees', 'for (const id of ["host", "second"]) document.getElementById(id).shadowRoot.adoptedStyleSheets = [sheet]'),
      step('a rule of it', 'sheet.cssRules[0].style.color = "rgb(1, 1, 1)"'),
      step('pushed', `window.more = new CSSStyleSheet(); more.insertRule('.b { color: rgb(2, 1, 1) }'); host.shadowRoot.adoptedStyleSheets.push(more)`),
      step('inserted into the pushed one', `more.insertRule('.a { color: rgb(3, 1, 1) }')`),
      step('its host goes', 'window.gone = document.querySelector("#host"); gone.remove()'),
      step('and comes back', 'document.body.append(gone)'),
      step('disabled', 'sheet.disabled = true'),
      step('enabled', 'sheet.disabled = false'),
      step('emptied', 'second.shadowRoot.adoptedStyleSheets = []; document.adoptedStyleSheets.length = 0'),
      step('adopted again', 'document.adoptedStyleSheets = [sheet]; host.shadowRoot.adoptedStyleSheets = [more]'),
      step('replaced', `sheet.replaceSync('.a { color: rgb(4, 1, 1) }')`),
      step('replaced by a promise', `await more.replace('.b { color: rgb(5, 1, 1) }')`),
      step('its first host is gone for good', 'second.shadowRoot.adoptedStyleSheets = [more]; gone.remove()'),
      step('for another medium', 'document.adoptedStyleSheets = [sheet]; more.media.mediaText = "print"'),
    ],
  },
  {
    name: 'in a shadow tree and a frame',
    page: page('', HOST + SHADOW + FRAME),
    probes: color('#host >> .a', '#host >> .b', '#frame >> .a', '#frame >> .b'),
    steps: [
      step('shadow rule', 'host.shadowRoot.styleSheets[0].cssRules[0].style.color = "rgb(1, 1, 1)"'),
      step('shadow sheet off', 'host.shadowRoot.styleSheets[0].disabled = true'),
      step('frame rule', 'frames[0].document.styleSheets[0].cssRules[0].style.color = "rgb(2, 1, 1)"'),
      step('frame, deep', 'frames[0].document.styleSheets[0].cssRules[1].cssRules[0].insertRule(".b { color: rgb(3, 1, 1) }", 1)'),
      step('frame, adopted', `const own = new frames[0].CSSStyleSheet(); own.replaceSync('.b { color: rgb(4, 1, 1) }'); frames[0].document.adoptedStyleSheets.push(own); window.own = own`),
      step('frame, adopted rule', 'own.cssRules[0].style.color = "rgb(5, 1, 1)"'),
      step('frame sheet off', 'frames[0].document.styleSheets[0].disabled = true'),
    ],
  },
  {
    name: 'shorthands with variables of which a part is overridden, and imported sheets',
    page: page(`<style>:root { --p: 20px; --l: 3px solid rgb(1, 1, 1) } .a { /* all but one */ padding: var(--p); padding-left: 0 } @media all { .b { border: var(--l); border-top: 0 } }</style>
      <style>@import url("data:text/css,.c{color:rgb(1,1,1)}") print; @import url("data:text/css,.d{color:rgb(2,1,1)}.d{font-size:30px}") layer(low); @layer low, high; @layer high { .d { color: rgb(3, 1, 1) } }</style>`),
    probes: [...['.a', '.c', '.e'].map((path) => [path, 'padding-top'] as const), ['.b', 'border-left-width'], ['.f', 'border-right-width'], ...color('.c', '.d'), ['.d', 'font-size']],
    steps: [
      step('inserted', `${S} sheet.insertRule('.e { padding: var(--p); padding-left: 0 }')`),
      step('adopted', `const own = new CSSStyleSheet(); own.replaceSync('.f { border: var(--l); border-left: 0 }'); document.adoptedStyleSheets = [own]`),
      step('inline', `const { style } = document.querySelector('.c'); style.padding = 'var(--p)'; style.paddingLeft = '0px'`),
    ],
  },
  {
    name: 'a text and rules in one task',
    page: page('<style>.a { color: red }</style>'),
    probes: color('.a', '.b', '.c'),
    steps: [
      step('rule after text', `const style = document.querySelector('style'); style.textContent = '.b { color: red }'; style.sheet.insertRule('.c { color: rgb(1, 1, 1) }', 1)`),
      step('text after rule', `const style = document.querySelector('style'); style.sheet.insertRule('.a { color: red }', 1); style.textContent = '.b { color: green }'`),
      step('emptied, then filled by rules', `const style = document.querySelector('style'); style.textContent = ''; style.sheet.insertRule('.a { color: rgb(2, 1, 1) }', 0)`),
      step('beyond the end', `${S} try { sheet.insertRule('.b { color: rgb(3, 1, 1) }', 99) } catch {} sheet.insertRule('.c { color: rgb(4, 1, 1) }')`),
    ],
  },
];

test.for(CASES)('$name', { timeout: 240_000 }, async ({ page: html, probes, steps, before = '', watcher = {} }) => {
  await expectSeen(browser, html, probes, steps, { before, watcher });
});

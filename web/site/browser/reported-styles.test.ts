/** Style rules of which reports say that a replay does not have them. */
import { test } from 'vitest';
import { browser } from './chromium';
import { type Probe, expectSeen } from './computed';

const PAGE = `<!doctype html><html lang="en"><head><title>Styles</title><style>
  #mask { padding: 4px; background: red; mask: linear-gradient(#000 0 0) content-box, linear-gradient(#000 0 0); -webkit-mask-composite: xor }
  a[target="_blank"]::after { content: "↗" } a[target] { padding: 3px } a[download] { color: rgb(1, 2, 3) } form[action] { margin: 7px }
</style></head><body><p id="mask">masked</p><p id="other">other</p>
<a id="out" href="/out" target="_blank">out</a> <a id="file" href="/file" download>file</a> <a id="later" href="/later">later</a><form id="form" action="/go">x</form>
</body></html>`;
const PROBES: Probe[] = [
  ['#mask', 'mask-image'], ['#other', 'mask-image'], ['#out', 'width'], ['#out', '.offsetWidth'], ['#out', 'padding-left'],
  ['#file', 'color'], ['#later', '.offsetWidth'], ['#later', 'padding-left'], ['#form', 'margin-left'],
]; // prettier-ignore

test('masks that are put together, and signs of links that lead away', async () => {
  await expectSeen(browser, PAGE, PROBES, [
    { name: 'a rule comes', act: `document.querySelector('style').sheet.insertRule('#other { mask: linear-gradient(#000, #0000); -webkit-mask-composite: source-in }')` },
    { name: 'a link leads to another tab', act: `document.getElementById('later').target = '_blank'` },
    { name: 'and no longer', act: `document.getElementById('later').removeAttribute('target'); document.getElementById('form').removeAttribute('action')` },
  ]);
});

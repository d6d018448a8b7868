/** Elements that are scrolled at the same time, as the head of a table with its body, and those of a shadow tree. */
import { test } from 'vitest';
import { browser } from './chromium';
import { type Probe, expectSeen } from './computed';

const PAGE = `<!doctype html><html lang="en"><head><title>Panes</title><style>
  .pane { width: 100px; height: 50px; overflow: auto } .pane > * { width: 900px; height: 900px }
</style></head><body>
<div class="pane" id="body"><p>body</p></div><div class="pane" id="head"><p>head</p></div><div class="pane" id="side"><p>side</p></div>
<div id="host"></div><script>
const body = document.getElementById('body');
body.onscroll = () => { document.getElementById('head').scrollLeft = body.scrollLeft; document.getElementById('side').scrollTop = body.scrollTop; };
document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = '<div style="width: 90px; height: 50px; overflow: auto"><p style="width: 900px; height: 900px">inside</p></div>';
</script></body></html>`;
const PROBES: Probe[] = [['#body', '.scrollLeft'], ['#body', '.scrollTop'], ['#head', '.scrollLeft'], ['#side', '.scrollTop'], ['#host >> div', '.scrollTop']];
const scrolling = (element: string) => `const pane = ${element};
  for (let n = 1; n <= 20; n += 1) { pane.scrollTo(n * 10, n * 5); await new Promise((drawn) => requestAnimationFrame(drawn)); }`;

test('each element stands where it was seen', async () => {
  await expectSeen(browser, PAGE, PROBES, [
    { name: 'two panes follow a third', act: scrolling(`document.getElementById('body')`) },
    { name: 'in a shadow tree', act: scrolling(`document.getElementById('host').shadowRoot.firstElementChild`) },
  ]);
});

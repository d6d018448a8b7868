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

const MOVED = `<!doctype html><html lang="en"><head><title>Moved</title><style>.pane { width: 100px; height: 50px; overflow: auto } p { width: 900px; height: 900px; margin: 0 }</style></head><body>
<div id="here"><div class="pane" id="one"><p>one</p></div></div><div id="there"></div><div class="pane" id="outer"><div class="pane" id="inner"><p>inner</p></div><p>outer</p></div></body></html>`;

test('an element that is moved in the tree stands where its browser has put it', async () => {
  const probes: Probe[] = [['#one', '.scrollTop'], ['#one', '.scrollLeft'], ['#outer', '.scrollTop'], ['#inner', '.scrollTop']];
  await expectSeen(browser, MOVED, probes, [
    { name: 'scrolled', act: 'one.scrollTo(30, 100); outer.scrollTop = 20; inner.scrollTop = 60' },
    { name: 'moved, which scrolls it back', act: 'there.append(one)' },
    { name: 'scrolled again', act: 'one.scrollTo(40, 70)' },
    { name: 'moved, and scrolled at once', act: 'here.append(one); one.scrollTop = 25' },
    { name: 'what it lies in is moved', act: 'there.append(outer)' },
    { name: 'scrolled there', act: 'outer.scrollTop = 15; inner.scrollTop = 45; here.moveBefore(one, null)' },
    { name: 'moved without being taken out', act: 'here.moveBefore(outer, null); one.scrollTop = 35' },
    { name: 'hidden', act: `outer.style.display = 'none'` },
    { name: 'and shown', act: `outer.style.display = ''` },
  ]);
});

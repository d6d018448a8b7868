/** What a page shows of other files by `<object>`, `<embed>`, `<img>`, `<video>` and buttons with a picture: its box, where its bytes are not stored. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen } from './computed';

const step = (name: string, act: string): Step => ({ name, act });
const DRAWING = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="70" height="30"><rect width="70" height="30" fill="red"/></svg>')}`;
const PAGE = `<!doctype html><html lang="en"><head><title>Embedded</title><style>body { margin: 0 } .wide { width: 50%; height: 40px } #styled { display: block; max-width: 60px }</style></head><body>
<p id="a">a <object id="drawing" data="${DRAWING}"><b id="under">not shown</b></object> after</p>
<p id="b">b <object id="page" data="/page.html" type="text/html"></object> after</p>
<p id="c">c <object id="sized" data="/page.html" width="120" height="44">not shown</object> after</p>
<p id="d">d <object id="none" data="/none.pdf" type="application/x-nothing"><b id="fallback">fallback</b> text</object> after</p>
<p id="e">e <object id="styled" data="${DRAWING}"></object><object id="wide" class="wide" data="/page.html" type="text/html"></object></p>
<p id="f">f <embed id="embedded" src="${DRAWING}"> <embed id="frame" src="/page.html" type="text/html" width="90" height="33"> after</p>
<p id="g">g <img id="picture" alt="a picture"> <img id="small" alt="" style="width: 30px"> after</p>
<p id="h">h <video id="film"></video> after</p>
<p id="place"></p>
<p id="i">i <object id="empty"><i id="inside">inside</i></object> after</p>
<p id="j">j <input type="image" id="button" alt="Send the order"> <input type="image" id="second" alt="" style="padding: 3px; width: 20px"> <input type="image" id="without" alt="none"> after</p>
<script>
  const draw = (width, height) => { const canvas = Object.assign(document.createElement('canvas'), { width, height }); canvas.getContext('2d').fillRect(0, 0, width, height); return canvas; };
  draw(64, 48).toBlob((blob) => { picture.src = small.src = button.src = second.src = URL.createObjectURL(blob); }); // they are not stored
  film.muted = true;
  const moving = draw(160, 90); film.srcObject = moving.captureStream(); film.play(); setInterval(() => moving.getContext('2d').fillRect(0, 0, 9, 9), 100);
</script></body></html>`;

const IDS = ['drawing', 'page', 'sized', 'none', 'styled', 'wide', 'embedded', 'frame', 'picture', 'small', 'film', 'empty', 'under', 'fallback', 'inside', 'place', 'place embed', 'place object', 'button', 'second', 'without', ...'abcdefghij'];
const probes = IDS.flatMap((id): Probe[] => [[`#${id}`, '.offsetWidth'], [`#${id}`, '.offsetHeight'], [`#${id}`, '.offsetLeft']]);

test('has its size at each moment', { timeout: 120_000 }, async () => {
  await expectSeen(browser, PAGE, probes, [
    step('resized', 'sized.width = 200; wide.classList.remove("wide"); film.style.height = "45px"; button.width = 90'),
    step('another one', `page.data = "${DRAWING}"`),
    step('one that fails', 'drawing.data = "/none"; drawing.type = "application/x-nothing"'),
    step('pictures that come', 'const late = draw(50, 20).toDataURL(); place.innerHTML = `<embed src="${late}" type="image/png"><object data="${late}"></object>`; small.src = late'),
  ], { more: { resources: false }, complaint: /local resource: blob:https:\/\/shop\.example\// }); // the page's own, which is not stored
});

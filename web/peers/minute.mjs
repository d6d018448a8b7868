/** The page and the scripted minute that is played on it, the same to the millisecond for every recorder. */

/**
 * Words that a recording must hold: of the first page, of the last rendering of its list, and of the second page. They are
 * classes too, since not every recorder sends text.
 */
export const MARKERS = ['Palimpsest', 'rendering-10', 'Quillwork'];

const TEXT = 'Dear Ada, the parcel of last week has not come yet; would you please look where it is?';
const ROWS = 200;
const RENDERINGS = 10;
const STYLE = `body { margin: 0; font: 16px/1.5 system-ui; color: #222 } header { display: flex; gap: 16px; padding: 12px 24px; background: #203040; color: #fff }
main { max-width: 860px; margin: 24px auto } .row { display: flex; gap: 12px; padding: 6px 0; border-bottom: 1px solid #ddd }
.row .name { flex: 1 } .row .state { color: #060 } .row .state.late { color: #a00 } textarea { width: 100%; height: 90px } a, button { color: #046 }`;

/** @param {string} path */
export function html(path) {
  const isFirst = path === '/';
  const heading = isFirst ? 'Palimpsest: orders' : 'Quillwork: one order';
  const body = isFirst
    ? '<label>Note <textarea id="note"></textarea></label><p><b id="length">0</b> letters</p><ul id="list"></ul>'
    : '<dl>' + Array.from({ length: 30 }, (_, n) => `<dt>Part ${n}</dt><dd>made of paper, in drawer ${n * 7}</dd>`).join('') + '</dl>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${heading}</title><style>${STYLE}</style></head>
<body><header><b>Shop</b><a href="/">Orders</a><a href="/order" id="next">One order</a></header><main class="${heading.split(':')[0]}"><h1>${heading}</h1>${body}
<p><button id="button">Refresh</button> <output id="clicks">0</output></p></main>
<script src="/settings.js"></script><script src="/client.js"></script><script>
function render(time) {
  document.getElementById('list').className = 'rendering-' + time;
  document.getElementById('list').replaceChildren(...Array.from({ length: ${ROWS} }, (_, n) => {
    const row = document.createElement('li');
    row.className = 'row';
    const late = (n * 7 + time) % 5 === 0;
    row.innerHTML = '<span class="name">Order ' + n + ' of customer ' + ((n * 31) % 97) + '</span><b class="state' +
      (late ? ' late' : '') + '">' + (late ? 'late' : 'sent') + '</b><i>rendering-' + time + '</i><button>Open</button>';
    return row;
  }));
}
if (document.getElementById('list')) {
  render(0);
  document.getElementById('note').addEventListener('input', (event) => {
    document.getElementById('length').textContent = event.target.value.length;
  });
}
document.getElementById('button').addEventListener('click', () => document.getElementById('clicks').textContent++);
</script></body></html>`;
}

/**
 * Half a minute of use, then half a minute of idling.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} url
 * @param {() => Promise<void>} beforeLeaving called on each page before it is left
 */
export async function playMinute(page, url, beforeLeaving) {
  const began = Date.now();
  /** @param {number} ms since the minute began */
  const until = (ms) => page.waitForTimeout(Math.max(0, began + ms - Date.now()));

  await page.goto(url);
  await until(1_500);
  await page.focus('#note');
  for (const [n, letter] of Array.from(TEXT).entries()) {
    await until(2_000 + n * 100);
    await page.keyboard.type(letter);
  }
  for (let n = 0; n < 60; n += 1) {
    await until(11_000 + n * 100);
    await page.mouse.move(600 + n * 2, 300 + ((n * 53) % 120));
    await page.mouse.wheel(0, n < 30 ? 120 : -240);
  }
  for (let n = 1; n <= RENDERINGS; n += 1) {
    await until(17_000 + n * 500);
    await page.evaluate((time) => /** @type {{ render: (time: number) => void }} */ (/** @type {unknown} */ (window)).render(time), n);
  }
  await moveAndClick(22_500);
  await until(25_000);
  await beforeLeaving();
  await page.click('#next');
  await moveAndClick(26_000);
  await until(60_000);
  await beforeLeaving();
  await page.goto('about:blank');
  await page.waitForTimeout(2_000); // time for requests that outlive the page

  /** @param {number} ms */
  async function moveAndClick(ms) {
    for (let n = 0; n < 40; n += 1) {
      await until(ms + n * 50);
      await page.mouse.move(200 + n * 10, 150 + ((n * 37) % 200));
      if (n % 4 === 3) await page.mouse.click(200 + n * 10, 60 + n); // too far from one another for rage clicks
    }
  }
}

/** Popovers, modal dialogs and full screen are shown and gone as they were, in their order, by every way to a moment. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { toldBy } from './recorded-page';
import { jumpTo, openAt, recordPage, visitRecording } from './recorded-pages';

const COVER = 'width:300px;height:200px;inset:100px auto auto 100px;margin:0;position:fixed';
const PARTS = `<button id="open" popovertarget="auto" type="button">open</button>
  <div id="auto" popover style="${COVER}">auto <button id="more" popovertarget="nested">more</button></div>
  <div id="nested" popover style="${COVER}">nested by its button</div><div id="other" popover style="${COVER}">other</div>
  <div id="manual" popover="manual" style="${COVER}">manual</div><div id="hint" popover="hint" style="${COVER}">hint</div>
  <dialog id="modal" style="${COVER}"><form method="dialog"><button id="ok">ok</button></form></dialog>
  <dialog id="second" style="${COVER}">second</dialog><details name="group" id="one"><summary>1</summary>one</details><details name="group" id="two"><summary>2</summary>two</details>`;
const PAGE = `<!doctype html><html lang="en"><head><title>t</title><style>:modal { color: navy }</style></head><body>${PARTS}
  <button id="start">full screen</button><div id="wrap" style="transform: translate(3px)"><div id="full" style="background:tan">full</div></div>
  <x-host id="host"></x-host><iframe id="frame" style="width:500px;height:400px;border:0"></iframe></body></html>`;

/** What is done, one after the other, in a document or a shadow tree; `$` finds an element by its id. */
const STEPS: readonly string[] = [
  `$('open').click()`,
  `$('more').click()`,
  `$('manual').showPopover(); $('other').showPopover()`,
  `$('modal').showModal()`,
  `$('second').showModal()`,
  `$('manual').hidePopover(); $('manual').showPopover()`,
  `$('second').close()`,
  `$('ok').click()`,
  `$('modal').show()`,
  `$('modal').close(); $('modal').showModal(); $('hint').showPopover()`,
  `kept = $('modal'); next = kept.nextSibling; kept.remove()`,
  `next.before(kept)`,
  `kept.removeAttribute('open'); $('one').open = true`,
  `$('two').open = true; $('second').showModal(); $('second').requestClose?.()`,
  `$('open').click(); const it = $('auto'); it.popover = 'manual'`,
  `$('auto').removeAttribute('popover'); $('second').showModal()`,
];

/** Text of a function for the browser: by its id, how each part of a root is open, and which lie above which. */
const LAYER = `(root) => {
  const is = (one, selector) => { try { return one.matches(selector); } catch { return false; } };
  const open = [...root.querySelectorAll('[id]')].flatMap((one) =>
    [':popover-open', ':modal', '[open]'].filter((selector) => is(one, selector) && !one.hasAttribute('data-full-screen')).map((selector) => one.id + selector));
  const above = root.elementsFromPoint(200, 250).filter((one) => is(one, ':popover-open, :modal')).map((one) => one.id);
  return { open: open.sort(), above };
}`;

const ROOTS: Readonly<Record<string, { root: string; setUp: string }>> = {
  'the page': { root: 'page', setUp: '' },
  'a shadow tree': { root: `page.getElementById('host').shadowRoot`, setUp: `host.attachShadow({ mode: 'open' }).innerHTML = ${JSON.stringify(PARTS)}` },
  'a frame': { root: `page.getElementById('frame').contentDocument`, setUp: `frame.contentDocument.body.innerHTML = ${JSON.stringify(PARTS)}` },
};

/** The state of the replayed page. Its frame is inert, and an inert page has nothing under a point. */
function replayed(page: Page, root: string): Promise<unknown> {
  return page.evaluate(`{ const frame = document.querySelector('.player iframe'); frame.inert = false;
    try { const page = frame.contentDocument; (${LAYER})(${root}) } finally { frame.inert = true } }`);
}

test.each(Object.keys(ROOTS))('the top layer is as it was, in %s', async (name) => {
  const { root, setUp } = ROOTS[name]!;
  const seen: { ms: number; layer: unknown }[] = [];
  const recording = await recordPage(browser, PAGE, async (page, see) => {
    await page.evaluate(`${setUp}; var page = document, $ = (id) => (${root}).getElementById(id); void 0`);
    for (const step of STEPS) {
      await page.evaluate(`{ ${step} }`);
      await toldBy(page);
      seen.push({ layer: await page.evaluate(`(${LAYER})(${root})`), ms: await see() });
    }
    await page.evaluate(`document.body.append('the end')`);
  });
  const visit = await visitRecording(browser, recording);
  const apart: string[] = [];
  const look = async (way: string, n: number): Promise<void> => {
    const wanted = JSON.stringify(seen[n]!.layer);
    let found = '';
    for (const ends = Date.now() + 2_000; found !== wanted && Date.now() < ends; ) found = JSON.stringify(await replayed(visit.page, root));
    if (found !== wanted) apart.push(`${way} ${STEPS[n]}: ${found}, was ${wanted}`);
  };

  await openAt(visit, seen[4]!.ms - recording.startMs);
  await look('opened at', 4);
  const ways: readonly (readonly [string, readonly number[]])[] = [
    ['step by step on to', STEPS.map((_, n) => n)],
    ['step by step back to', STEPS.map((_, n) => STEPS.length - 1 - n)],
    ['far to', [9, 2, 12, 5, 15, 1, 10, 3, 13, 4]],
  ];
  for (const [way, steps] of ways) {
    for (const n of steps) {
      await jumpTo(visit, seen[n]!.ms - recording.startMs);
      await look(way, n);
    }
  }

  expect(apart).toEqual([]);
  expect(visit.complaints).toEqual([]);
  await visit.end();
});

test('an element in full screen covers the page, and is in its place before and after', async () => {
  const seen: { ms: number; box: unknown }[] = [];
  const box = `(page) => { const { x, y, width, height } = page.getElementById('full').getBoundingClientRect(); return [x, y, width, height].map(Math.round).join(); }`;
  const recording = await recordPage(browser, PAGE, async (page, see) => {
    const look = async (): Promise<void> => void seen.push({ box: await page.evaluate(`(${box})(document)`), ms: await see() });
    await look();
    await page.evaluate(`start.onclick = () => full.requestFullscreen()`);
    await page.click('#start');
    await expect.poll(() => page.evaluate('document.fullscreenElement?.id')).toBe('full');
    await page.waitForTimeout(150);
    await look();
    await page.evaluate('document.exitFullscreen()');
    await expect.poll(() => page.evaluate('document.fullscreenElement')).toBe(null);
    await page.waitForTimeout(150);
    await look();
    await page.evaluate(`document.body.append('the end')`);
  });
  const visit = await visitRecording(browser, recording);
  await openAt(visit, 1);
  const found: unknown[] = [];
  for (const n of [1, 0, 2, 1, 2, 0, 1]) {
    await jumpTo(visit, seen[n]!.ms - recording.startMs);
    const replay = (): Promise<unknown> => visit.page.evaluate(`(${box})(document.querySelector('.player iframe').contentDocument)`);
    await expect.poll(replay, { timeout: 40_000 }).toBe(seen[n]!.box);
    found.push(await replay());
  }

  expect(new Set(found).size).toBe(2);
  await visit.end();
});

test('a recording that starts while something is open shows it at once', async () => {
  const recording = await recordPage(browser, PAGE.replace('</body>', '<script>auto.showPopover(); modal.showModal(); manual.showPopover()</script></body>'), async (page, see) => {
    await see();
    await toldBy(page);
    await page.evaluate(`document.body.append('the end')`);
  });
  const visit = await visitRecording(browser, recording);

  await openAt(visit, 40);

  await expect.poll(() => replayed(visit.page, 'page')).toEqual({ open: ['manual:popover-open', 'modal:modal', 'modal[open]'], above: ['modal'] });
  await visit.end();
});

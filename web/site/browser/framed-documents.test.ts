/** What is recorded of a frame's document: once, however often the page was written whole, and nothing after the end. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { consoleErrors } from './console-errors';
import { pageToRecord } from './rebuilt/page-to-record';

const FRAME = `document.querySelector('iframe').contentDocument`;
const CLICK_AND_CHANGE = `{ const button = ${FRAME}.querySelector('button'); button.click(); button.title += 'x'; }`;

/** @param first is done before the recorder starts */
async function recordedPage(first = ''): Promise<Page> {
  const page = await pageToRecord('<iframe src="/frame"></iframe>', '<button></button>');
  await page.evaluate(first);
  await page.evaluate('recorder.start()');
  await hasSnapshotOfFrame(page);
  return page;
}

const taken = async (page: Page, wanted: RegExp): Promise<string[]> => (await page.evaluate<string[]>('recorder.taken()')).filter((line) => wanted.test(line));

const hasSnapshotOfFrame = (page: Page) => expect.poll(() => taken(page, /"isAttachIframe":true/)).toHaveLength(1);

async function takeThreeSnapshots(page: Page): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    await page.evaluate('recorder.takeSnapshot()');
    await hasSnapshotOfFrame(page);
  }
}

test('after three full snapshots a click in a frame is recorded once, and a change', async () => {
  const page = await recordedPage();
  await takeThreeSnapshots(page);
  await page.evaluate(CLICK_AND_CHANGE);
  await expect.poll(() => taken(page, /"title":"x"/)).toHaveLength(1);

  expect(await taken(page, /"source":2,"type":2/)).toHaveLength(1);
  await page.close();
});

test('a document that a script opens again is listened to again, and once', async () => {
  const page = await recordedPage();
  await page.evaluate(`{ const page = ${FRAME}; page.open(); page.write('<button></button>') }`);
  await expect.poll(() => taken(page, /"isAttachIframe":true/)).toHaveLength(2);
  await page.evaluate(CLICK_AND_CHANGE);
  await expect.poll(() => taken(page, /"title":"x"/)).toHaveLength(1);

  expect(await taken(page, /"source":2,"type":2/)).toHaveLength(1);
  await page.close();
});

test('a frame that loads after three full snapshots is recorded once', async () => {
  const page = await recordedPage();
  await takeThreeSnapshots(page);
  await page.evaluate(`${FRAME}.location.reload()`);
  await expect.poll(() => taken(page, /"isAttachIframe":true/)).toHaveLength(2);
  await page.evaluate(CLICK_AND_CHANGE);
  await expect.poll(() => taken(page, /"title":"x"/)).toHaveLength(1);

  expect(await taken(page, /"isAttachIframe":true/)).toHaveLength(2);
  await page.close();
});

test('a frame that loads after the end has no hook', async () => {
  const page = await recordedPage();
  await page.evaluate('recorder.stop()');
  const loaded = page.evaluate(`new Promise((resolve) => document.querySelector('iframe').addEventListener('load', () => resolve()))`);
  await page.evaluate(`${FRAME}.location.reload()`);
  await loaded;
  const written = await page.evaluate(`Object.getOwnPropertyDescriptor(${FRAME}.defaultView.HTMLInputElement.prototype, 'value').set + ''`);

  expect(written).toContain('[native code]');
  await page.close();
});

/** Every member of the classes of the frame's window, and of its document, registry and fonts. */
const MEMBERS = `(() => {
  const page = ${FRAME}.defaultView;
  const owners = Object.getOwnPropertyNames(page).map((name) => [name, Object.getOwnPropertyDescriptor(page, name).value?.prototype]);
  const all = [...owners, ['document', page.document], ['customElements', page.customElements], ['fonts', page.document.fonts]].filter(([, owner]) => owner);
  return new Map(all.flatMap(([name, owner]) => Reflect.ownKeys(owner).map((key) => [name + '.' + String(key), Object.getOwnPropertyDescriptor(owner, key)])));
})()`;
const CHANGED = `(() => {
  const after = ${MEMBERS};
  const isSame = (one, other) => one?.value === other?.value && one?.get === other?.get && one?.set === other?.set;
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => !isSame(before.get(name), after.get(name)));
})()`;

test('after the end a frame has its own members again, and what the page has put over ours', async () => {
  const page = await recordedPage(`before = ${MEMBERS}`);
  const hooked = await page.evaluate<string[]>(CHANGED);
  await page.evaluate(`{
    const { prototype } = ${FRAME}.defaultView.CSSStyleSheet;
    const { insertRule } = prototype;
    prototype.insertRule = function (...given) { return insertRule.apply(this, given); };
  }`);
  await page.evaluate('recorder.stop()');

  expect(hooked).toContain('HTMLInputElement.value');
  expect(await page.evaluate<string[]>(CHANGED)).toEqual(['CSSStyleSheet.insertRule']);
  await page.close();
});

test('a frame that has gone to another origin spoils nothing as it is removed, and at the end', async () => {
  const page = await recordedPage('own = Element.prototype.attachShadow');
  const errors = consoleErrors(page);
  await leadElsewhere(page);
  await page.evaluate(`document.querySelector('iframe').remove(); document.body.append('after it')`);
  await expect.poll(() => taken(page, /after it/)).toHaveLength(1);
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<iframe src="/frame"></iframe>')`);
  await expect.poll(() => taken(page, /"isAttachIframe":true/)).toHaveLength(2);
  await leadElsewhere(page);
  await page.evaluate('recorder.stop()');

  expect(await page.evaluate('Element.prototype.attachShadow === own')).toBe(true);
  expect(errors).toEqual([]);
  await page.close();
});

async function leadElsewhere(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('iframe').src = 'https://another.example/frame'`);
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith('https://another.example'))).toBe(true);
}

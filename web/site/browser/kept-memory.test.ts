/** A tab may record for hours, with full snapshots, pauses, and frames and elements that come and go: none of these costs memory for good. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { pageToRecord } from './rebuilt/page-to-record';
import { openTagged } from './tagged-page';

const TIMES = 10;
/** rrweb 2.1.6 keeps 1.5 to 17 million of these pages. */
const MAX_GROWN_BYTES = 1_000_000;
const PAGES = {
  'shadow trees': '<div><template shadowrootmode=open><p>one</p></template></div>'.repeat(300),
  frames: '<iframe srcdoc="<p>one</p>"></iframe>'.repeat(20),
  fields: '<input><select><option>one</select><textarea></textarea>'.repeat(100),
};

/** The same one each time. */
const FRAME = `document.querySelector('iframe') ?? document.body.appendChild(document.createElement('iframe'))`;
const REMOVED = {
  frames: `const frame = document.createElement('iframe'); frame.src = '/frame'; document.body.append(frame); await loaded(frame); await recorded(); frame.remove()`,
  'frames that go as they load': `const frame = document.createElement('iframe'); frame.srcdoc = '<p>one</p>'.repeat(2000); document.body.append(frame); await loaded(frame); frame.remove()`,
  'documents of a frame': `const frame = ${FRAME}; frame.src = '/frame?' + n; await loaded(frame); await recorded()`,
  'pages that a script writes into a frame': `const frame = ${FRAME}; frame.contentDocument.open(); frame.contentDocument.write('<p>one</p>'.repeat(2000)); await recorded()`,
  'shadow trees': `for (let m = 0; m < 50; m += 1) { const host = document.createElement('div'); host.attachShadow({ mode: 'open' }).innerHTML = '<p>one</p>'; document.body.append(host); await 0; await 0; host.remove() }`,
};

test.for(Object.entries(PAGES).flatMap(([name, body]) => [['snapshots', name, body], ['starts', name, body]] as const))('%s of %s', async ([what, , body]) => {
  const page = await recordedPage(body);
  const grown = await grownBytes(page, async () => {
    for (let n = 0; n < TIMES; n += 1) await page.evaluate(what === 'snapshots' ? 'recorder.takeSnapshot()' : 'recorder.stop(); recorder.start(); recorder.takeSnapshot()');
  });

  expect(grown).toBeLessThan(MAX_GROWN_BYTES);
});

test.for(Object.entries(REMOVED))('%s that are gone', async ([, act]) => {
  const page = await recordedPage('<p>one</p>');
  const grown = await grownBytes(page, () =>
    page.evaluate(`(async () => {
      const loaded = (frame) => new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      let seen = recorder.attached();
      const recorded = async () => {
        while (recorder.attached() === seen) await new Promise((resolve) => setTimeout(resolve));
        seen = recorder.attached();
      };
      for (let n = 0; n < ${TIMES}; n += 1) { ${act} }
      recorder.takeSnapshot();
    })()`),
  );

  expect(grown).toBeLessThan(MAX_GROWN_BYTES);
});

/** What a page shows or asks for once and no more, of 200 kB each. */
const SHOWN = {
  'pictures in their addresses': `document.images[0].src = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><text>' + n + big + '</text></svg>'; await loaded(document.images[0])`,
  'requests with long addresses': `await fetch('/answer?' + n + big)`,
  'style sheets with variables': `const style = document.createElement('style'); style.textContent = '.a' + n + ' { padding: var(--x); padding-left: 0; --y: ' + big + ' }'; document.head.append(style); await 0; style.remove()`,
  'frames whose files are stored': `const frame = document.createElement('iframe'); frame.srcdoc = '<p>one</p>'.repeat(2000); document.body.append(frame); await loaded(frame); await new Promise((resolve) => setTimeout(resolve, 30)); frame.remove()`,
};

test.for(Object.entries(SHOWN))('%s, of the whole recorder', async ([, act]) => {
  const page = await openTagged(browser, '<p>one</p><img>');
  const grown = await grownBytes(page, () =>
    page.evaluate(`(async () => {
      const big = 'x'.repeat(200_000);
      const loaded = (element) => new Promise((resolve) => { element.onload = element.onerror = resolve });
      window.n ??= 0;
      for (const end = n + ${TIMES}; n < end; n += 1) { ${act} }
      await rrwebRecorder.recording.flush();
    })()`),
  );

  expect(grown).toBeLessThan(MAX_GROWN_BYTES);
});

test('a rule that a script gave once is known after many snapshots of others', async () => {
  const page = await recordedPage(`<style>.a { padding: var(--x); padding-left: 0; --y: ${'y'.repeat(60_000)} }</style><p class="b">one</p>`);
  await page.evaluate(`{ const sheet = new CSSStyleSheet(); sheet.replaceSync('.b { padding: var(--x); padding-left: 0 }'); document.adoptedStyleSheets = [sheet] }`);
  for (let n = 0; n < TIMES; n += 1) await page.evaluate('recorder.takeSnapshot()');
  const rules = (await page.evaluate<string[]>('recorder.taken()')).filter((line) => line.includes('"styles":'));
  await page.close();

  expect(rules.join()).toContain('.b { padding: var(--x); padding-left: 0px; }');
});

test('of frames that are removed together no document is left', async () => {
  const page = await recordedPage('<iframe src="/frame"></iframe>'.repeat(5));
  await page.evaluate(`documents = [...document.querySelectorAll('iframe')].map((frame) => new WeakRef(frame.contentDocument))`);
  await expect.poll(() => page.evaluate<number>('recorder.attached()')).toBe(5);
  await page.evaluate(`for (const frame of document.querySelectorAll('iframe')) frame.remove()`);
  await heapBytes(page);
  const left = await page.evaluate<number>('documents.filter((one) => one.deref()).length');
  await page.close();

  expect(left).toBe(0);
});

async function recordedPage(body: string): Promise<Page> {
  const page = await pageToRecord(body, '<p>two</p><input>');
  await page.evaluate('recorder.start()');
  return page;
}

/** By how much the heap grows as this is done again: what is made once is there then. */
async function grownBytes(page: Page, act: () => Promise<unknown>): Promise<number> {
  await act();
  const before = await heapBytes(page);
  await act();
  const grown = (await heapBytes(page)) - before;
  await page.close();
  return grown;
}

/** Once frames are recorded, which happens in tasks of their own, and nothing is left to collect. */
async function heapBytes(page: Page): Promise<number> {
  await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
  const protocol = await page.context().newCDPSession(page);
  for (let n = 0; n < 3; n += 1) await protocol.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await protocol.send('Runtime.getHeapUsage');
  await protocol.detach();
  return usedSize + backingStorageSize;
}

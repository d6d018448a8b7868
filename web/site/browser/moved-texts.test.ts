/** Texts that a page moves about while it changes what is around them, as an editor does with its lines. */
import { afterEach, expect, test } from 'vitest';
import { browser } from './chromium';
import { SITE, type Visit, events, visitSite } from './given';
import { type RecordedVisit, visitShop } from './phone';
import { watched } from './places';

let visit: RecordedVisit;
let watch: Visit;
afterEach(() => Promise.all([visit.end(), watch.end()]));

const PAGE = '<!doctype html><html lang="en"><title>Lines</title><h1>Lines</h1><main><p id="a">one</p><p id="b">two</p><p id="c"><b>three</b></p></main></html>';

test.for([
  ['into a new element of a line that moves', `b.remove(); const mark = document.createElement('mark'); mark.append(a.firstChild); b.append(mark); main.append(b);`],
  ['changed and into a new element of a line that moves', `b.remove(); const mark = document.createElement('mark'); a.firstChild.data = 'four'; mark.append(a.firstChild); b.append(mark); main.append(b);`],
  ['two of them into one new element', `b.remove(); const mark = document.createElement('mark'); mark.append(a.firstChild, b.firstChild, ' and '); b.append(mark); main.prepend(b);`],
  ['into a new element of a line that stays', `const mark = document.createElement('mark'); mark.append(a.firstChild); b.append(mark);`],
  ['into new elements two deep', `b.remove(); const mark = document.createElement('mark'), em = document.createElement('em'); em.append(a.firstChild); mark.append(em); b.append(mark); main.append(b);`],
] as const)('%s', async ([, moves]) => {
  visit = await visitShop(browser, {}, { page: PAGE });
  await visit.page.evaluate(`(() => { const [main, a, b] = ['main', '#a', '#b'].map((name) => document.querySelector(name)); ${moves} })()`);
  await visit.page.mouse.click(20, 300); // a replay ends with its last event
  await expect.poll(async () => (await visit.lines()).at(-1)).toContain('"source":2');
  const seen = await visit.page.locator('main').innerHTML();
  const lines = await visit.lines();
  const [first, last] = [lines[0]!, lines.at(-1)!].map((line) => (JSON.parse(line) as { timestamp: number }).timestamp) as [number, number];
  watch = await visitSite(browser, watched(() => events(lines)));
  await watch.page.goto(`${SITE}/recordings/recording-1?t=${(last - first) / 1000}`);
  await watch.page.locator('.player .round:enabled').waitFor();

  await expect.poll(() => watch.page.frameLocator('.player iframe').locator('main').innerHTML()).toBe(seen);
});

/** What a page highlights by `CSS.highlights`, which no node tells. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Probe, type Step, expectSeen, recordSteps } from './computed';

const step = (name: string, act: string): Step => ({ name, act });
const PAGE = `<!doctype html><html lang="en"><head><title>Highlights</title><style>::highlight(found) { background: yellow } ::highlight(wrong) { text-decoration: underline wavy red }</style></head><body>
<p id="text">The quick brown fox</p><p id="other">jumps over <b>the lazy</b> dog</p><p data-privacy="block"><i id="hidden">secret</i></p><iframe id="frame" srcdoc="<p id=inner>within a frame</p>"></iframe>
<script>
  const range = (start, from, end, to) => { const made = (start.ownerDocument ?? start).createRange(); made.setStart(start, from); made.setEnd(end, to); return made; };
  const find = (name, ...ranges) => CSS.highlights.set(name, new Highlight(...ranges));
  find('found', range(text.firstChild, 4, text.firstChild, 9));
</script></body></html>`;
const MASKED = [step('a word', 'find("found", range(other.firstChild, 0, other, 2))'), step('what is blocked', 'find("wrong", range(hidden.firstChild, 0, hidden.firstChild, 6))')];

test('is highlighted at each moment', { timeout: 120_000 }, async () => {
  const probes: Probe[] = [['#text', '::found'], ['#text', '::wrong'], ['#frame >> #inner', '::found']];
  await expectSeen(browser, PAGE, probes, [
    step('a range more', 'CSS.highlights.get("found").add(range(other.firstChild, 6, other.querySelector("b").firstChild, 3))'),
    step('another name', 'find("wrong", range(text, 0, text, 1))'),
    step('a text that changes', 'text.firstChild.replaceData(4, 5, "slow, old"); CSS.highlights.get("found").clear(); CSS.highlights.get("found").add(range(text.firstChild, 4, text.firstChild, 13))'),
    step('a range that is moved', '[...CSS.highlights.get("found")][0].setEnd(text.firstChild, 8); text.title = "moved"'),
    step('in a new element', 'const made = document.createElement("p"); made.textContent = "made later"; document.body.append(made); find("found", range(made.firstChild, 5, made.firstChild, 10))'),
    step('in a frame', 'const { CSS, Highlight } = frame.contentWindow; const { firstChild } = frame.contentDocument.getElementById("inner"); CSS.highlights.set("found", new Highlight(range(firstChild, 0, firstChild, 6)))'),
    step('none', 'CSS.highlights.delete("found"); CSS.highlights.get("wrong").clear(); frame.contentWindow.CSS.highlights.clear()'),
  ]);
});

test.for(['inputs', 'text', 'private'])('at the level %s without what can be read, and not where it is blocked', { timeout: 60_000 }, async (privacy) => {
  const { visit } = await recordSteps(browser, PAGE, [], MASKED, { privacy });
  const told = (await visit.lines()).filter((line) => line.includes('rrweb-store:highlights'));
  const { data } = JSON.parse(told.at(-1)!) as { data: { payload: { elements: object[] } } };
  await visit.end();

  expect(data.payload.elements).toEqual([{ name: 'found', priority: 0, id: expect.any(Number), from: 0, end: expect.any(Number), to: 2 }]);
});

/** Each animation of a replay has the time that it had when it was recorded, by every way to that moment. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { type Recorded, jumpTo, openAt, recordPage, visitRecording } from './recorded-pages';
import { shownParts } from './shown-parts';
import type { Visit } from './given';

/** Everything goes from 0 to 1 within this time, so that a difference tells how many milliseconds are between two states. */
const LENGTH_MS = 8_000;
/** A page is recorded while other things run on this machine; its frames are far apart then. */
const APART_MS = 150;
const SETTLED_MS = 400;

const STYLE = `@keyframes in { from { opacity: 0 } to { opacity: 1 } }
  .css { animation: in ${LENGTH_MS}ms linear } .late { animation: in ${LENGTH_MS}ms 300ms linear both } .soon { animation: in 100ms both }
  .back { animation: in ${LENGTH_MS}ms linear infinite alternate -${LENGTH_MS}ms } .held { animation: in ${LENGTH_MS}ms -2s linear paused }
  .before::before { content: 'x'; animation: in ${LENGTH_MS}ms linear }
  .fade { opacity: 0; transition: opacity ${LENGTH_MS}ms linear } .fade.on { opacity: 1 }
  .new { opacity: 1; transition: opacity ${LENGTH_MS}ms linear } @starting-style { .new { opacity: 0 } }`;
const PAGE = `<!doctype html><html lang="en"><head><title>t</title><style>${STYLE}</style></head><body>
  <p id="load" class="css">at load</p><div id="host"></div><iframe id="frame"></iframe><main id="main"></main></body></html>`;

/** By its name, what a script of the page does to get an animation. `add` adds a paragraph of that class with the case's name for an id. */
const CASES: Readonly<Record<string, string>> = {
  'a card that a script adds': `add('css')`,
  'one with a delay, filled both ways': `add('late')`,
  'one that is over': `add('soon')`,
  'one that goes on for ever and turns': `add('back')`,
  'one that its style holds': `add('held')`,
  'one that a script holds by its style': `add('css').style.animationPlayState = 'paused'`,
  'one of a pseudo-element': `add('before')`,
  'one in a shadow tree': `host.attachShadow({ mode: 'open' }).innerHTML = '<style>' + document.querySelector('style').textContent + '</style>'; add('css', host.shadowRoot)`,
  'one in a frame': `add('css', frame.contentDocument.body)`,
  'a transition': `const it = add('fade'); it.offsetTop; it.className = 'fade on'`,
  'a transition that turns back': `const it = add('fade on'); it.offsetTop; it.className = 'fade'; setTimeout(() => it.className = 'fade on', 150)`,
  'a transition from a starting style': `add('new')`,
  'a transition in a frame': `const it = add('fade', frame.contentDocument.body); it.offsetTop; it.className = 'fade on'`,
  'of a script': `add().animate(IN, TIME)`,
  'of a script, in a frame': `add('', frame.contentDocument.body).animate(IN, TIME)`,
  'of a script, and over, but filled': `add().animate({ opacity: [1, 0.25] }, { duration: 60, fill: 'forwards' })`,
  'of a script, for a pseudo-element': `add('before').animate(IN, { ...TIME, pseudoElement: '::before' })`,
  'of a script, that adds to the style': `const it = add(); it.style.opacity = 0.3; it.animate({ opacity: [0, 0.5] }, { ...TIME, composite: 'add' })`,
  'held by a script': `const run = add().animate(IN, TIME); setTimeout(() => run.pause(), 150)`,
  'held and released by a script': `const run = add().animate(IN, TIME); run.pause(); setTimeout(() => run.play(), 150)`,
  'reversed by a script': `const run = add().animate(IN, TIME); run.currentTime = 4000; run.reverse()`,
  'moved by a script': `add().animate(IN, TIME).currentTime = 5000`,
  'started earlier by a script': `const run = add().animate(IN, TIME); run.ready.then(() => run.startTime -= 3000)`,
  'slowed down by a script': `const run = add().animate(IN, TIME); run.currentTime = 2000; run.playbackRate = 0.25`,
  'given another speed by a script': `const run = add().animate(IN, TIME); setTimeout(() => run.updatePlaybackRate(3), 100)`,
  'ended by a script, and filled': `add().animate(IN, { ...TIME, fill: 'forwards' }).finish()`,
  'taken away by a script': `const run = add().animate(IN, TIME); setTimeout(() => run.cancel(), 150)`,
  'given other keyframes by a script': `const run = add().animate(IN, TIME); setTimeout(() => run.effect.setKeyframes({ opacity: [1, 0] }), 150)`,
  'given another time by a script': `const run = add().animate(IN, TIME); setTimeout(() => run.effect.updateTiming({ duration: ${LENGTH_MS / 2} }), 150)`,
  'of a script, made by its class': `const run = new Animation(new KeyframeEffect(add(), IN, TIME)); run.play()`,
  'of a style sheet, moved by a script': `const it = add('css'); it.getAnimations()[0].currentTime = 6000`,
  'several on one element': `const it = add('css'); it.animate({ opacity: [0, 1] }, { duration: ${LENGTH_MS}, delay: -3000 })`,
};
const SETUP = `const IN = { opacity: [0, 1] }, TIME = { duration: ${LENGTH_MS} };
  const adder = (id) => (name = '', parent = main) => {
    const it = parent.ownerDocument.createElement('p'); it.id = id; it.className = name; it.textContent = 'text'; parent.append(it); return it;
  };`;
const ALL = Object.entries(CASES).map(([name, script]) => `{ const add = adder(${JSON.stringify(name)}); ${script} }`);

interface Seen {
  readonly ms: number;
  readonly parts: Record<string, number>;
}

/** Records what is done, and what the page shows before, then, and some time later. */
async function recorded(): Promise<{ recording: Recorded; seen: Seen[] }> {
  const seen: Seen[] = [];
  const recording = await recordPage(browser, PAGE, async (page) => {
    await page.waitForTimeout(100);
    const look = async (): Promise<void> => {
      const [ms, parts] = await page.evaluate<[number, Record<string, number>]>(`(${shownParts})(document)`);
      seen.push({ ms, parts });
    };
    await page.evaluate(`frame.contentDocument.head.append(document.querySelector('style').cloneNode(true))`);
    await look();
    await page.evaluate(`{${SETUP} ${ALL.join('\n')}}`);
    for (let time = 0; time < 2; time++) {
      await page.waitForTimeout(SETTLED_MS);
      await look();
    }
    await page.waitForTimeout(50);
    await page.evaluate(`document.body.append('the end')`);
  });
  return { recording, seen: seen.map(({ ms, parts }) => ({ ms: ms - recording.startMs, parts })) };
}

async function replayed({ page }: Visit): Promise<Record<string, number>> {
  return (await page.evaluate<[number, Record<string, number>]>(`(${shownParts})(document.querySelector('.player iframe').contentDocument)`))[1];
}

/** Parts whose opacity is not what it was, with both. */
function apart(found: Record<string, number>, seen: Record<string, number>): string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(seen)])];
  return names.filter((name) => !(Math.abs(found[name]! - seen[name]!) <= APART_MS / LENGTH_MS)).map((name) => `${name}: ${found[name]}, was ${seen[name]}`);
}

test(`each of ${ALL.length} kinds of animations has its time, whatever the way to it, and stands still there`, async () => {
  const { recording, seen } = await recorded();
  const [first, then, later] = seen as [Seen, Seen, Seen];
  const visit = await visitRecording(browser, recording);
  const check = async ({ ms, parts }: Seen, go: Promise<void>): Promise<void> => {
    await go;
    await expect.poll(async () => apart(await replayed(visit), parts), { timeout: 40_000 }).toEqual([]);
    const before = await replayed(visit);
    await visit.page.waitForTimeout(100);
    expect(await replayed(visit), `it stands still at ${ms}`).toEqual(before);
  };

  expect(Object.keys(later.parts).length).toBeGreaterThan(ALL.length);
  await check(later, openAt(visit, later.ms));
  await check(then, jumpTo(visit, then.ms));
  await check(first, jumpTo(visit, first.ms));
  await check(then, jumpTo(visit, then.ms));
  await check(later, jumpTo(visit, later.ms));

  expect(visit.complaints).toEqual([]);
  await visit.end();
});

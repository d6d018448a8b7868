/** One moment of a recording is one state, by whatever way it is reached: by a link, by any jump, or by playing. */
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import type { Visit } from './given';
import { PAGES } from './moments-pages';
import { randomBy } from './random-by';
import { type Recorded, jumpTo, openAt, recordPage, visitRecording } from './recorded-pages';
import { difference, stateOf } from './state-of';

/** The same for each run, so that a failure is of the change that is tested; `SEED` draws others. */
const SEED = Number(process.env['SEED'] ?? 1);
const JUMPS = 35;
/** At a stand, each animation has its time exactly; the browser counts whole microseconds. */
const EXACT_MS = 1;
/** A player that pauses stands a few frames from where its slider does. */
const PLAYED_MS = 50;
const PATIENCE_MS = 40_000;

beforeAll(() => console.log(`jumps by SEED=${SEED}`));

const shown = ({ page }: Visit): Promise<string[]> => page.locator('.player iframe').evaluate(stateOf);

/** A recording of the page, and the moments between its steps, from its first event. */
async function recorded(name: string): Promise<{ recording: Recorded; moments: number[] }> {
  const { html, steps } = PAGES[name]!;
  const seen: number[] = [];
  const recording = await recordPage(browser, html, async (page, see) => {
    for (const step of steps) {
      await page.evaluate(`{${step}}`);
      await page.waitForTimeout(60); // the page's own time passes, in which its animations run
      seen.push(await see());
    }
    await page.evaluate(`document.body.append('the end')`); // so that the last moment is one of the recording
  });
  return { recording, moments: seen.map((ms) => ms - recording.startMs) };
}

test.each(Object.keys(PAGES))('each jump shows what a link to the moment shows: %s', async (name) => {
  const { recording, moments } = await recorded(name);
  const visit = await visitRecording(browser, recording);
  const fresh: string[][] = [];
  for (const ms of moments) {
    await openAt(visit, ms);
    fresh.push(await settled(visit));
  }
  const random = randomBy(SEED);
  const apart: string[] = [];
  let at = moments.length - 1;
  for (let jump = 0; jump < JUMPS; jump++) {
    const to = Math.floor(random() * moments.length);
    await jumpTo(visit, moments[to]!);
    const found = await differing(visit, fresh[to]!);
    if (found.length) apart.push(`from ${at} to ${to}: ${found.join(' | ')}`);
    at = to;
  }
  for (const speed of [1, 4]) {
    const from = Math.floor(random() * (moments.length - 1));
    await jumpTo(visit, moments[from]!);
    const [ms, played] = await playedAwhile(visit, speed, moments.at(-1)!);
    let found: string[] = [];
    for (const laterMs of [0, PLAYED_MS * speed]) {
      await jumpTo(visit, moments[0]!);
      await jumpTo(visit, ms + laterMs);
      found = exceptHover(await differing(visit, played, PLAYED_MS * speed));
      if (!found.length) break; // an event of those frames has been played, or not yet
    }
    if (found.length) apart.push(`played from ${from} at speed ${speed} to ${ms}: ${found.join(' | ')}`);
  }
  expect(apart).toEqual([]);
  expect(visit.complaints).toEqual([]);
  await visit.end();
});

/** The state, when nothing moves any more. */
async function settled(visit: Visit): Promise<string[]> {
  let before: string[] = [];
  let now = await shown(visit);
  while (difference(before, now, 0).length) {
    before = now;
    now = await shown(visit);
  }
  return now;
}

/** Plays for some frames and pauses; returns where, and what is shown there. */
async function playedAwhile(visit: Visit, speed: number, endMs: number): Promise<[number, string[]]> {
  const { page } = visit;
  const slider = page.getByRole('slider', { name: 'Playback position' });
  await page.getByRole('combobox', { name: 'Speed' }).selectOption(String(speed));
  const before = Number(await slider.inputValue());
  await slider.evaluate((input: HTMLInputElement, [from, end]) => {
    // In one go: the page is faster than the test.
    const button = (name: string) => document.querySelector<HTMLButtonElement>(`button[aria-label^="${name}"]`);
    button('Play')!.click();
    return new Promise<void>((resolve) => {
      const look = (): void => {
        if (Number(input.value) <= from! + 30 && Number(input.value) < end!) return void requestAnimationFrame(look);
        button('Pause')?.click();
        resolve();
      };
      look();
    });
  }, [before, endMs]);
  return [Number(await slider.inputValue()), await settled(visit)];
}

/** What is still different after some patience. */
async function differing(visit: Visit, wanted: readonly string[], toleranceMs = EXACT_MS): Promise<string[]> {
  let found: string[] = [];
  const ends = Date.now() + PATIENCE_MS;
  do found = difference(wanted, await shown(visit), toleranceMs);
  while (found.length && Date.now() < ends);
  return found;
}

/** While it plays, rrweb moves the mouse up to half a second after the event that tells of it. */
function exceptHover(found: readonly string[]): string[] {
  const withoutHover = (line: string): string => line.slice(2).replace(/ ?data-store-hover=/, '');
  return found.filter((line) => found.filter((other) => withoutHover(other) === withoutHover(line)).length < 2);
}

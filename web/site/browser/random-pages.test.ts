/** Pages that change at random: each replay is made of what the page was made of, and looks as it did. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { randomBy } from './random-by';
import type { Case } from './rebuilt/pages';
import { CHANGE_NAMES, type Step } from './rebuilt/random-changes';
import { type RecordedCase, type Replayed, openPlayer, recordCases, replayed } from './rebuilt/recorded-case';

/** The same for each run, so that a failure is of the change that is tested; `SEED` draws others, and `DRAWS` as many. */
const SEED = Number(process.env['SEED'] ?? 1);
const DRAWS = Number(process.env['DRAWS'] ?? 12);
const STEPS = 50;
const PAUSES = 0.2;
const BODY = `<style>.c1 { color: maroon }</style><main><div class=c1>a <b>b</b></div><div></div><p>text</p><ul><li>1</li><li>2</li></ul><form><input value=v><select><option>x<option>y</select></form>
  <div style="height:50px;width:100px;overflow:auto"><div style="height:300px">tall</div></div></main>`;

let player: Page;
let made: ReadonlyMap<Case, RecordedCase>;

function drawnSteps(seed: number): Step[] {
  const random = randomBy(seed * 7919);
  return Array.from({ length: STEPS }, () => ({
    change: random() < PAUSES ? 'pause' : CHANGE_NAMES[Math.floor(random() * CHANGE_NAMES.length)]!,
    draws: Array.from({ length: 6 }, random),
  }));
}

const pageOf = (steps: readonly Step[]): Case => ({ name: '', body: BODY, act: `return recorder.change(${JSON.stringify(steps)})` });

const PAGES = Array.from({ length: DRAWS }, (_, n) => [SEED + n, pageOf(drawnSteps(SEED + n))] as const);

beforeAll(async () => {
  player = await openPlayer();
  made = await recordCases(PAGES.map(([, page]) => page));
}, 300_000);

type Way = readonly [name: string, shown: Replayed];

/** What each way to the end shows. */
async function shownBy({ lines, snapshot }: RecordedCase): Promise<Way[]> {
  return [
    ['after a jump', await replayed(player, lines, 'jump')],
    ['from a snapshot', await replayed(player, snapshot, 'jump')],
    ['after playing', await replayed(player, lines, 'play')],
  ];
}

const isWrong = ({ tree, errors }: RecordedCase, ways: readonly Way[]): boolean =>
  errors.length > 0 || ways.some(([, shown]) => shown.faults.length > 0 || `${shown.tree}` !== `${tree}`);

/** The steps without those that are not needed for a difference. */
async function shortened(whole: readonly Step[]): Promise<readonly Step[]> {
  let least = whole;
  for (let size = Math.ceil(whole.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length; ) {
      const less = [...least.slice(0, at), ...least.slice(at + size)];
      const [recorded] = (await recordCases([pageOf(less)])).values();
      if (isWrong(recorded!, await shownBy(recorded!))) least = less;
      else at += size;
    }
  }
  return least;
}

test.for(PAGES)('a page that changes by SEED=%i', { timeout: 600_000 }, async ([seed, page]) => {
  const recorded = made.get(page)!;
  const ways = await shownBy(recorded);
  if (process.env['SHORTEN'] && isWrong(recorded, ways)) console.log(seed, JSON.stringify(await shortened(drawnSteps(seed))));

  for (const [way, shown] of ways) expect.soft(shown, way).toEqual({ tree: recorded.tree, faults: [] });
  expect(recorded.errors).toEqual([]);
});

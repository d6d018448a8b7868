/** What the recorded page is made of, and what its replay is: namespaces, names, attributes, frames, shadow trees, states and boxes. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { CASES, type Case } from './rebuilt/pages';
import { type RecordedCase, openPlayer, recordCases, replayed } from './rebuilt/recorded-case';

let player: Page;
let made: ReadonlyMap<Case, RecordedCase>;

beforeAll(async () => {
  player = await openPlayer();
  made = await recordCases(CASES);
}, 300_000);

describe.for(CASES.map((one) => [one.name, one] as const))('%s', ([, one]) => {
  test.for(['lines', 'snapshot'] as const)('is rebuilt at a moment, from its %s', async (from) => {
    expect(await replayed(player, made.get(one)![from], 'jump')).toEqual({ tree: made.get(one)!.tree, faults: [] });
  });

  test('is rebuilt as it plays', async () => {
    expect(await replayed(player, made.get(one)!.lines, 'play')).toEqual({ tree: made.get(one)!.tree, faults: [] });
  });
});

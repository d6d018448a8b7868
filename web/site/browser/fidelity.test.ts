/** Pages of web/fidelity that need no library, beside their replays; `make fidelity` compares all of its pages. */
import { expect, test } from 'vitest';
import { comparePage, isWithinLimits } from '../../fidelity/compare';
import { browser } from './chromium';

test.concurrent.for(['layers', 'view-transitions', 'virtual-list'])('%s looks in its replay as it was seen', { timeout: 400_000 }, async (name) => {
  const result = await comparePage(browser, name, { quietMs: 700 });

  expect([...result.found, ...result.errors]).toEqual([]);
  expect(isWithinLimits(result)).toBe(true);
});

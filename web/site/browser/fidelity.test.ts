/** Pages of web/fidelity that need no library, beside their replays; `make fidelity` compares all of its pages. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparePage, isWithinLimits } from '../../fidelity/compare';
import { launchChromium } from '../../recorded-session/chromium.mjs';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test.concurrent.for(['layers', 'view-transitions', 'virtual-list'])('%s looks in its replay as it was seen', { timeout: 400_000 }, async (name) => {
  const result = await comparePage(browser, name, { quietMs: 700 });

  expect([...result.found, ...result.errors]).toEqual([]);
  expect(isWithinLimits(result)).toBe(true);
});

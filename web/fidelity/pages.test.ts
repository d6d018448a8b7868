/** Every page of pages/, or the one that PAGE names; `make fidelity` runs it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../recorded-session/chromium.mjs';
import { type Compared, comparePage, isWithinLimits } from './compare';
import { pageNames } from './page';
import { rowOf, writeReport } from './report';

const { PAGE } = process.env;
const names = PAGE ? PAGE.split(',') : pageNames();
const results: Compared[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  const version = browser?.version();
  await browser?.close();
  if (results.length > 0) await writeReport(results, pageNames(), `Chromium ${version}`);
});

test.concurrent.for(names)('%s', async (name) => {
  const result = await comparePage(browser, name);
  results.push(result);
  const { found, errors, lacks } = result;
  console.log([rowOf(result), ...found, ...errors].join('\n  '));

  expect(isWithinLimits(result), lacks ? 'it is within the limits now: take out what it lacks' : 'it is over the limits').toBe(!lacks);
});

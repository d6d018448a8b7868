import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { type FakeApi, type Visit, visitSite } from './given';

/** A browser for the tests of a file. The function that is returned opens a visit, which ends with its test. */
export function oneVisitATest(): (api: FakeApi, options?: Parameters<typeof visitSite>[2]) => Promise<Visit> {
  let browser: Browser;
  let visit: Visit;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(() => visit.context.close());
  afterAll(() => browser.close());
  return async (api, options) => (visit = await visitSite(browser, api, options));
}

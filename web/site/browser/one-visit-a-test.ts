import { afterEach } from 'vitest';
import { browser } from './chromium';
import { type FakeApi, type Visit, visitSite } from './given';

/** A function that opens a visit, which ends with its test. */
export function oneVisitATest(): (api: FakeApi, options?: Parameters<typeof visitSite>[2]) => Promise<Visit> {
  let visit: Visit;
  afterEach(() => visit.end());
  return async (api, options) => (visit = await visitSite(browser, api, options));
}

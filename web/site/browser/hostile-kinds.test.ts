/** Everything that may run a script, load something or lead away: on the site, and without protection. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { GROUPS } from './hostile/kinds';
import { type AllHarms, harmsOf } from './hostile/visits';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium({ args: ['--autoplay-policy=no-user-gesture-required'] });
});
afterAll(() => browser.close());

describe.for(GROUPS)('%s', ([, kinds]) => {
  let harms: AllHarms;
  beforeAll(async () => (harms = await harmsOf(browser, kinds)));

  describe('unprotected, it does its harm: the other tests would notice', () => {
    test.for(kinds)('$name', ({ name, harm }) => {
      expect(harms.unprotected[name]).toContain(harm);
    });
  });

  describe('recorded and watched on the site, it does none', () => {
    test.for(kinds)('$name', ({ name }) => {
      expect(harms.onSite[name]).toEqual([]);
    });
  });

  describe('the sandbox of the frame by itself lets nothing run, open or play', () => {
    test.for(kinds)('$name', ({ name }) => {
      expect(harms.sandboxed[name]!.filter((harm) => harm !== 'asks')).toEqual([]);
    });
  });

  describe('the policy of the site by itself lets nothing run or make a request', () => {
    test.for(kinds.filter(({ isBeyondPolicy }) => !isBeyondPolicy))('$name', ({ name }) => {
      expect(harms.underPolicy[name]).toEqual([]);
    });
  });
});

/** Each thing that may run a script, load something or lead away: on the site, and where nothing holds it back. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { GROUPS } from './hostile/kinds';
import { type Harms, harmsInFrames, harmsOnSite } from './hostile/visits';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium({ args: ['--autoplay-policy=no-user-gesture-required'] });
});
afterAll(() => browser.close());

describe.for(GROUPS)('%s', ([, kinds]) => {
  describe('unprotected, it does its harm: the other tests would notice', () => {
    let harms: Harms;
    beforeAll(async () => (harms = await harmsInFrames(browser, kinds)));

    test.for(kinds)('$name', ({ name, harm }) => {
      expect(harms[name]).toContain(harm);
    });
  });

  describe('recorded and watched on the site, it does none', () => {
    let harms: Harms;
    beforeAll(async () => (harms = await harmsOnSite(browser, kinds)));

    test.for(kinds)('$name', ({ name }) => {
      expect(harms[name]).toEqual([]);
    });
  });

  describe('the sandbox of the frame by itself lets nothing run, open or play', () => {
    let harms: Harms;
    beforeAll(async () => (harms = await harmsInFrames(browser, kinds, { sandbox: 'allow-same-origin' })));

    test.for(kinds)('$name', ({ name }) => {
      expect(harms[name]!.filter((harm) => harm !== 'asks')).toEqual([]);
    });
  });

  describe('the policy of the site by itself lets nothing run or be asked', () => {
    let harms: Harms;
    beforeAll(async () => (harms = await harmsInFrames(browser, kinds, { policy: true })));

    test.for(kinds.filter(({ isBeyondPolicy }) => !isBeyondPolicy))('$name', ({ name }) => {
      expect(harms[name]).toEqual([]);
    });
  });
});

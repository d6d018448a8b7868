/** Every page and state, dark and light, wide and narrow: axe finds no fault, nothing is wider than the screen, and a finger hits each button. */
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { faded } from './faded';
import { SITE, visitSite } from './given';
import { PICTURES } from './pictures';
import { PLACES } from './places';

let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

/** https://www.w3.org/TR/WCAG22/#target-size-minimum */
const LEAST_TARGET_PX = 24;
const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280 },
  { name: 'dark', colorScheme: 'dark', width: 1280 },
  { name: 'phone', colorScheme: 'light', width: 390 },
  { name: 'dark-phone', colorScheme: 'dark', width: 390 },
] as const;
/** The rules of axe that a dark look can break when the light one of that width keeps them all. */
const RULES_OF_COLOURS = ['color-contrast', 'link-in-text-block'];
/** A picture of each look takes a quarter of the time: they are taken where they are looked at. */
const TAKES_PICTURES = !!(process.env['SITE_PICTURES'] ?? process.env['CI']);

test.for(PLACES)('$name', async ({ name, path, api, sign, signedOut, alone, sites, before, after, complaint }) => {
  const visit = await visitSite(browser, api, { signedIn: !signedOut, alone, ...(sites ? { sites } : {}) });
  const { end, page, complaints } = visit;
  await before?.(visit);
  await page.goto(SITE + path);
  await page.locator(sign).first().waitFor();
  await after?.(visit);
  const faults = await faultsInEachLook(page, name);
  await end();

  expect(faults).toEqual([]);
  expect(complaints.filter((one) => !complaint?.test(one))).toEqual([]);
});

async function faultsInEachLook(page: Page, place: string): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe);
  for (const { name, colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 860 });
    await faded(page);
    if (TAKES_PICTURES) await page.screenshot({ path: `${PICTURES}/${place}-${name}.png` });
    found.push(...(await faultsOf(page, colorScheme === 'dark' ? RULES_OF_COLOURS : undefined)).map((fault) => `${name}: ${fault}`));
  }
  return found;
}

/** The faults that axe finds by these rules or all, whether the page is wider than the screen, and what is too small for a finger. */
async function faultsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  return page.evaluate(async ([leastPx, rules]) => {
    const { axe } = window as unknown as {
      axe: { run(on: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ exclude: [['iframe']] }, { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) });
    const { scrollWidth, clientWidth } = document.documentElement;
    const small = [...document.querySelectorAll<HTMLElement>('a, button, input, select, summary')].filter((one) => {
      const target = (one instanceof HTMLInputElement && one.closest('label')) || one;
      const { width, height } = target.getBoundingClientRect();
      // A link within a sentence is as high as its text, which the rule allows.
      return width * height > 0 && Math.min(width, height) < leastPx && !one.closest('p, .page-address');
    });
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      ...small.map(({ outerHTML }) => `too small for a finger: ${outerHTML}`),
      ...(scrollWidth > clientWidth ? [`it is ${scrollWidth} wide`] : []),
    ];
  }, [LEAST_TARGET_PX, rules] as const);
}

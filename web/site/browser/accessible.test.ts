/** Each page, dark and light, wide and narrow: axe finds nothing, and nothing is wider than the screen. */
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { type FakeApi, SESSION_LINES, SITE, events, json, problem, recording, visitSite } from './given';
import { PICTURES } from './pictures';

let browser: Browser;
let axe: string;

beforeAll(async () => {
  browser = await launchChromium();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterAll(() => browser.close());

const some: FakeApi = (path) => {
  if (path.includes('/events')) return events(SESSION_LINES, { missing: '3-5', skipped: 1 });
  if (path.startsWith('/recordings/')) return json(recording(1));
  return json({ recordings: [4, 3, 2, 1].map((n) => recording(n)) });
};
const PLACES: readonly (readonly [string, string, FakeApi, string])[] = [
  ['recordings', '/', some, '.badge.length'],
  ['recording', '/recordings/recording-1', some, '.notes .moment'],
  ['playground', '/playground', some, '.things'],
  ['set-up', '/set-up', some, '.values'],
  ['empty', '/', () => json({ recordings: [] }), '.notice'],
  ['error', '/', () => problem(400, 'Bad request', 'The cursor is of no use.'), '.notice'],
  ['unknown', '/elsewhere', some, '.notice'],
];
const LOOKS = [
  { name: 'light', dark: false, width: 1280 },
  { name: 'dark', dark: true, width: 1280 },
  { name: 'phone', dark: false, width: 390 },
  { name: 'dark-phone', dark: true, width: 390 },
] as const;

for (const { name, dark, width } of LOOKS) {
  test(`${name}: every page`, async () => {
    const found: Record<string, unknown> = {};
    for (const [place, path, api, sign] of PLACES) {
      const { context, page, complaints } = await visitSite(browser, api, { dark, width });
      await page.goto(SITE + path);
      await page.locator(sign).first().waitFor();
      await page.waitForTimeout(700); // for what fades in
      await page.screenshot({ path: `${PICTURES}/${place}-${name}.png` });
      const faults = [...(await faultsOf(page)), ...complaints.filter((one) => !/status of 400/.test(one))];
      if (faults.length > 0) found[place] = faults;
      await context.close();
    }

    expect(found).toEqual({});
  });
}

test('the welcome page', async () => {
  const { context, page } = await visitSite(browser, some, { signedIn: false });
  await page.goto(SITE);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const faults = await faultsOf(page);
  await context.close();

  expect(faults).toEqual([]);
});

/** What axe finds, and whether the page is wider than the screen. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(on: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ exclude: [['iframe']] });
    const { scrollWidth, clientWidth } = document.documentElement;
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
      ...(scrollWidth > clientWidth ? [`it is ${scrollWidth} wide`] : []),
    ];
  });
}

/** What each release has recorded, in today's player, on a whole stack that holds it; tests/browser passes releases and user. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { type Box, cellsApart } from './cells';
import { MAX_PX_APART } from './boxes';
import { browser } from './chromium';
import { STILLS, openReplay } from './stills';

const { SITE_URL, SITE_PASSWORD, WATCHER_EMAIL, WATCHED_SITE, RELEASES = '' } = process.env as Record<string, string>;
const TESTS = fileURLToPath(new URL('../../../tests/', import.meta.url));
const FACTS = readFileSync(`${TESTS}releases/facts.js`, 'utf8');

type Facts = Record<string, { readonly text: string; readonly box: Box }>;

interface Recording {
  readonly owner: 'user' | 'site';
  readonly answer: { readonly recordingId: string };
  readonly viewport: { readonly width: number; readonly height: number };
  readonly moments: readonly { readonly atMs: number; readonly picture: string; readonly facts: Facts }[];
}

const cases = RELEASES.split(',').flatMap((release) => {
  const { recordings } = JSON.parse(readFileSync(`${TESTS}recorded-by/${release}/expected.json`, 'utf8')) as { recordings: Recording[] };
  return recordings.map((recording) => ({ release, owner: recording.owner, recording }));
});

let page: Page;

beforeAll(async () => {
  mkdirSync(STILLS, { recursive: true });
  page = await browser.newPage({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(40_000);
  await page.goto(SITE_URL!);
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await page.locator('[name=username]').fill(WATCHER_EMAIL!);
  await page.locator('[name=password]').fill(SITE_PASSWORD!);
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { name: 'Recordings', exact: true }).waitFor(); // the page that redeems the code has a main, too
});

test.for(cases)('what $release recorded of a $owner is replayed as it was seen', async ({ release, owner, recording }) => {
  const { answer, viewport, moments } = recording;
  const place = owner === 'site' ? `/sites/${WATCHED_SITE}` : '';
  const apart: string[] = [];
  for (const { atMs, picture, facts } of moments) {
    await openReplay(page, `${SITE_URL}${place}/recordings/${answer.recordingId}`, atMs, viewport);
    const replayed = await page.evaluate<Facts>(`(${FACTS})(document.querySelector('.player iframe').contentDocument)`);
    const shown = await page.screenshot({ clip: { x: 0, y: 0, ...viewport } });
    writeFileSync(`${STILLS}${release}-${picture}`, shown);
    const seen = readFileSync(`${TESTS}recorded-by/${release}/${picture}`);
    apart.push(...factsApart(facts, replayed), ...cellsApart(seen, shown, [facts['rr-block']!.box]));
  }
  const isOfPhone = (await page.locator('.device:not(.flat)').count()) > 0;
  const missing = await page.locator('.mark-skipped').count();

  expect(apart, apart.join('\n')).toEqual([]);
  expect(moments.length).toBe(2);
  expect({ isOfPhone, hasReports: missing > 0 }).toEqual({ isOfPhone: owner === 'site', hasReports: owner === 'site' });
});

function factsApart(recorded: Facts, replayed: Facts): string[] {
  return [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])].flatMap((name) => {
    const [before, after] = [recorded[name], replayed[name]];
    const isSame = before?.text === after?.text && before?.box.every((px, side) => Math.abs(px - (after?.box[side] ?? NaN)) <= MAX_PX_APART);
    return isSame ? [] : [`${name}: ${JSON.stringify(before)} is ${JSON.stringify(after)}`];
  });
}

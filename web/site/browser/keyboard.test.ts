/** The site without a mouse: the order of the focus, its visibility, and the effect of the keys. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type FakeApi, SESSION_LINES, SITE, type Visit, events, json, recording } from './given';
import { oneVisitATest } from './one-visit-a-test';

const visitSite = oneVisitATest();
let visit: Visit;

const api: FakeApi = (path) => {
  if (path.includes('/events')) return events(SESSION_LINES);
  return json(path.startsWith('/recordings/') ? recording(1) : { recordings: [recording(2), recording(1)] });
};

async function open(path: string, sign: string): Promise<Page> {
  visit = await visitSite(api);
  await visit.page.goto(SITE + path);
  await visit.page.locator(sign).first().waitFor();
  return visit.page;
}

interface Stop {
  readonly name: string;
  readonly isSeen: boolean;
}

/** The elements that get the focus by this many presses of Tab, and whether each shows it. */
async function stops(page: Page, count: number): Promise<Stop[]> {
  const found: Stop[] = [];
  for (let press = 0; press < count; press++) {
    await page.keyboard.press('Tab');
    found.push(
      await page.evaluate(() => {
        const one = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        const { top, bottom, width } = one.getBoundingClientRect();
        const label = one.querySelector<HTMLElement>('.title')?.innerText ?? one.getAttribute('aria-label') ?? one.closest('label')?.innerText ?? one.innerText;
        return {
          name: label.split('\n')[0]!.trim(),
          isSeen: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && bottom > 0 && top < innerHeight && width > 0,
        };
      }),
    );
  }
  return found;
}

/** The player plays by itself. */
const PLAYING = '.round[aria-label="Pause"]';
const VIEWS = ['All', 'With errors', 'Failed requests', 'Rage clicks', 'Today'];
const FILTERS = ['Look for', 'Address', 'Search', 'Errors', 'Failed requests', 'Rage clicks', 'Dead clicks', 'When', 'Length', 'Device', 'Browser'];
const AROUND = ['Skip to content', 'rrweb store', 'Recordings', 'Playground', 'Set up', 'Sign out'];

test.for([
  ['/', '.badge.length', [...VIEWS, ...FILTERS, 'Order', 'Cards', 'Rows', 'Keyboard shortcuts', 'Page 2', 'Page 1']],
  ['/recordings/recording-1', PLAYING, ['Recordings', 'shop.example/page-1', 'Download', 'Keep recording …', 'Delete recording …', 'Playback position', 'Moments on the timeline', '20 clicks', 'Pause', '10 seconds back', '10 seconds forward', 'Skip idle', 'Speed', 'Copy a link to this moment', 'Keyboard shortcuts', 'Full screen', 'Events', 'Search events', 'Kinds of events']],
  ['/playground', '.things', ['Record this page', 'Name', 'Colour', 'It is a gift', 'Order', 'Water the plants', 'Call the harbour', 'Fix the gate', 'Add a task', 'Clicked 0 times', 'Clear', 'Show the other picture']],
  ['/set-up', '.bookmarklet', ['the declaration of a site', 'Copy the declaration of a site', 'the command that adds a watcher', 'Copy the command that adds a watcher', 'the script tag', 'Copy the script tag', 'the module', 'Copy the module', 'the content security policy', 'Copy the content security policy', 'Record this page', "Copy the bookmark's address", 'Copy API', 'Copy Issuer', 'Copy App client', 'Copy Region', 'Copy Release']],
  ['/elsewhere', '.notice', ['Go to the recordings']],
] as const)('%s: the focus visits every control in order, and is visible', async ([path, sign, own]) => {
  const page = await open(path, sign);
  const names = [...AROUND, ...own];

  expect(await stops(page, names.length)).toEqual(names.map((name) => ({ name, isSeen: true })));
});

test('the first press of Tab offers to skip to the content', async () => {
  const page = await open('/set-up', '.bookmarklet');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');

  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('the declaration of a site');
});

test('a link to another page moves the focus into its content', async () => {
  const page = await open('/', '.badge.length');
  await page.getByRole('link', { name: 'Set up' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Set up' }).waitFor();

  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
});

test('keys open a recording from the list and leave it', async () => {
  const page = await open('/', '.badge.length');
  await page.locator('.card .open').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('link', { name: 'Recordings' }).last().focus();
  await page.keyboard.press('Enter');

  await page.getByRole('searchbox').waitFor();
});

test('the keys of the player work in its own fields but for those that a field uses itself, and in no other', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  const state = () =>
    page.evaluate(() => ({
      playing: document.querySelector('.round')?.getAttribute('aria-label'),
      skips: document.querySelector<HTMLInputElement>('.check input')?.checked,
    }));
  await page.getByLabel('Speed').focus();
  await page.keyboard.press('k');
  await page.keyboard.press('s');
  const inSelect = await state();
  await page.getByLabel('Skip idle').focus();
  await page.keyboard.press('Space');
  const inBox = await state();
  await page.evaluate(() => document.querySelector('main')?.insertAdjacentHTML('beforeend', '<input id="typed">'));
  await page.locator('#typed').pressSequentially('ks fl');

  expect({ inSelect, inBox, typed: await page.locator('#typed').inputValue(), after: await state() }).toEqual({
    inSelect: { playing: 'Play', skips: false },
    inBox: { playing: 'Play', skips: true },
    typed: 'ks fl',
    after: { playing: 'Play', skips: true },
  });
});

test('after a click on a field of the player the keys are the player’s again', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  await page.getByLabel('Skip idle').click();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();

  expect(await page.getByLabel('Skip idle').isChecked()).toBe(false);
});

test('a question mark shows the keys and hides them, and meanwhile none of them acts', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('k');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(true);
});

test('the browser keeps its own shortcuts', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Alt+s');

  expect(await page.getByLabel('Skip idle').isChecked()).toBe(true);
  expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(true);
});

test('Space on a focused button presses it, and does not toggle playback', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  await page.getByRole('button', { name: 'Copy a link to this moment' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Copied' }).waitFor();

  expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(true);
});

test('a key enters and leaves full screen', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  const isFull = () => page.evaluate(() => document.fullscreenElement?.className ?? '');
  await page.keyboard.press('f');
  await expect.poll(isFull).toBe('player');
  await page.keyboard.press('f');

  await expect.poll(isFull).toBe('');
});

test('keys go through the list, open a recording, and come back to it', async () => {
  const page = await open('/', '.badge.length');
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).innerText);
  const found = [];
  for (const key of ['j', 'j', 'j', 'K']) {
    await page.keyboard.press(key);
    found.push(await focused());
  }
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('link', { name: 'Recordings' }).last().click();
  await page.getByText('Watched').waitFor();

  expect(found).toEqual(['Page 2', 'Page 1', 'Page 1', 'Page 2']);
  expect(await focused()).toBe('Page 1');
});

test('the keys of the list are typed in its fields, and shown by a question mark', async () => {
  const page = await open('/', '.badge.length');
  await page.keyboard.press('/');
  await page.keyboard.type('jk?');
  const typed = await page.getByRole('searchbox').inputValue();
  await page.keyboard.press('Tab');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('next recording').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  expect(typed).toBe('jk?');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search');
});

test('a screen reader gets what the list shows of a recording', async () => {
  const page = await open('/', '.badge.length');
  const when = await page.locator('.card .when').first().textContent();

  expect(await page.locator('.cards').ariaSnapshot()).toContain(`- listitem:
    - article:
      - heading "Page 2" [level=2]:
        - link "Page 2":
          - /url: /recordings/recording-2
      - paragraph: shop.example/page-2
      - time: ${when}
      - text: 19 seconds
      - paragraph: Chrome on Linux`);
});

test('a screen reader gets the name, the controls and the position of the player', async () => {
  const page = await open('/recordings/recording-1', PLAYING);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();

  const said = await page.locator('.player').ariaSnapshot();
  const moments = / {4}- 'option "\d+ seconds?: Click on .*\n/g;
  expect(said.match(moments)).toHaveLength(19); // two of the 20 are at one place
  expect(said.replace(moments, '')).toBe(`- text: shop.example/page-1
- img "Replay of shop.example/page-1":
  - iframe
- group "Player":
  - slider "Playback position": "0"
  - listbox "Moments on the timeline":
  - group "Marks on the timeline":
    - button "20 clicks"
  - button "Play"
  - button "10 seconds back": −10
  - button "10 seconds forward": "+10"
  - text: 0:00 / 0:19
  - checkbox "Skip idle" [checked]
  - text: Skip idle
  - combobox "Speed":
    - option "0.5×"
    - option "1×" [selected]
    - option "2×"
    - option "4×"
    - option "8×"
  - button "Copy a link to this moment"
  - button "Keyboard shortcuts": "?"
  - button "Full screen"`);
  expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe('0 seconds of 19 seconds');
});

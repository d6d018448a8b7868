/** An hour of one page without a reload: each moment shows what the page was then, by whatever way it is reached. */
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { browser } from './chromium';
import { type FakeApi, SITE, type Visit, events, json, recording, visitSite } from './given';

const START_MS = Date.UTC(2026, 8, 1);
const STEP_MS = 200;
const STEPS = 18_000;
const PAGES = 6;
/** The page shows this many of the newest lines. */
const LINES = 5;
const PATIENCE = { timeout: 40_000 };
const TEXT_ID = 8;
const LIST_ID = 9;

const element = (id: number, tagName: string, childNodes: object[] = []) => ({ type: 2, id, tagName, attributes: {}, childNodes });
const text = (id: number, textContent: string) => ({ type: 3, id, textContent });
const line = (event: object) => JSON.stringify(event);

/** The page shows the number of steps so far, and lists the last ones. */
function snapshot(): string[] {
  const body = element(5, 'body', [element(6, 'h1', [text(7, 'Steps')]), element(10, 'p', [text(TEXT_ID, '0')]), element(LIST_ID, 'ul')]);
  const node = { type: 0, id: 1, childNodes: [element(3, 'html', [element(4, 'head'), body])] };
  return [
    line({ type: 4, timestamp: START_MS, data: { href: 'https://shop.example/', width: 800, height: 600 } }),
    line({ type: 2, timestamp: START_MS + 1, data: { node, initialOffset: { left: 0, top: 0 } } }),
  ];
}

/** Activity, so that the time is not skipped as idle. */
const scroll = (number: number) =>
  line({ type: 3, timestamp: START_MS + number * STEP_MS + 50, data: { source: 3, id: 1, x: 0, y: number % 2 } });

function step(number: number): string {
  const [id, gone] = [1000 + 2 * number, 1000 + 2 * (number - LINES)];
  const data = {
    source: 0,
    texts: [{ id: TEXT_ID, value: String(number) }],
    attributes: [],
    removes: number > LINES ? [{ parentId: LIST_ID, id: gone }] : [],
    adds: [
      { parentId: LIST_ID, nextId: null, node: element(id, 'li') },
      { parentId: id, nextId: null, node: text(id + 1, `step ${number}`) },
    ],
  };
  return line({ type: 3, timestamp: START_MS + number * STEP_MS, data });
}

const HOUR = [
  ...snapshot(),
  ...Array.from({ length: STEPS }, (_, index) => [step(index + 1), scroll(index + 1)]).flat(),
];

const anHour: FakeApi = (path) => {
  if (!path.includes('/events')) return json(recording(1, { createdAtMs: START_MS }));
  const page = Number(/cursor=(\d)/.exec(path)?.[1] ?? 0);
  const size = Math.ceil(HOUR.length / PAGES);
  return events(HOUR.slice(page * size, (page + 1) * size), { next: String(page + 1), more: page + 1 < PAGES });
};

let visit: Visit;
afterEach(() => visit?.end());

/** The recording, on a page whose clock the test can move forward. */
async function open(api: FakeApi, query = ''): Promise<Page> {
  visit = await visitSite(browser, api, { alone: true });
  await visit.page.clock.install();
  await visit.page.goto(`${SITE}/recordings/recording-1${query}`);
  return visit.page;
}

/** Waits until the whole hour is loaded. */
async function loaded(page: Page): Promise<void> {
  await page.locator('.time', { hasText: '/ 1:00:00' }).waitFor();
  await page.getByRole('progressbar').waitFor({ state: 'hidden' });
}

/** Jumps to these moments, one right after the other. */
async function jump(page: Page, ...seconds: number[]): Promise<void> {
  await page.getByRole('slider', { name: 'Playback position' }).evaluate((slider: HTMLInputElement, moments) => {
    for (const ms of moments) {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(slider, String(ms));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }, seconds.map((second) => second * 1000));
}

/** The step and the lines that the replayed page shows, read in one go. */
function shown(page: Page): Promise<{ at: number; lines: string[] }> {
  return page.frameLocator('.player iframe').locator('body').evaluate((body) => ({
    at: Number(body.querySelector('p')?.textContent),
    lines: [...body.querySelectorAll('li')].map((one) => one.textContent),
  }));
}

/** What it must show at that step. */
function pageOf(at: number) {
  const lines = Math.min(at, LINES);
  return { at, lines: Array.from({ length: lines }, (_, index) => `step ${at - lines + 1 + index}`) };
}

/** Pauses; resolves with what the page shows, after making sure that it is a moment of the recording and stands still. */
async function paused(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  const stopped = await shown(page);
  expect(stopped).toEqual(pageOf(stopped.at));
  await page.clock.runFor(2000);
  expect(await shown(page)).toEqual(stopped);
  return stopped.at;
}

test('a jump shows the page of that moment, forwards and back', async () => {
  const page = await open(anHour, '?t=0.1');
  await loaded(page);

  await jump(page, 1800.1);
  await expect.poll(() => shown(page), PATIENCE).toEqual(pageOf(9000));
  await jump(page, 3500.1);
  await expect.poll(() => shown(page), PATIENCE).toEqual(pageOf(17_500));
  await jump(page, 60.1);
  await expect.poll(() => shown(page), PATIENCE).toEqual(pageOf(300));
  await jump(page, 0);
  await expect.poll(() => shown(page), PATIENCE).toEqual(pageOf(0));
  expect(await page.getByText('could not be shown').count()).toBe(0);
});

test('of two jumps right after each other the last one counts', async () => {
  const page = await open(anHour);
  await loaded(page);

  await jump(page, 3590.1, 900.1);

  await expect.poll(async () => (await shown(page)).at, PATIENCE).toBeGreaterThan(4503);
  await page.clock.runFor(1000);
  expect(await paused(page)).toBeLessThan(5000);
});

test('it plays on from the moment of a jump, and stays where it is paused', async () => {
  const page = await open(anHour, '?t=0.1');
  await loaded(page);
  await jump(page, 1200.1);
  await expect.poll(() => shown(page), PATIENCE).toEqual(pageOf(6000));

  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => (await shown(page)).at, PATIENCE).toBeGreaterThan(6005);
  expect(await paused(page)).toBeLessThan(7000);
});

test('a jump while it plays goes on playing there', async () => {
  const page = await open(anHour);
  await loaded(page);

  await jump(page, 2400.1);

  await expect.poll(async () => (await shown(page)).at, PATIENCE).toBeGreaterThan(12_003);
  expect(await paused(page)).toBeLessThan(13_000);
});

test('the first page of events plays while the rest is still on its way', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const page = await open(async (path, method) => {
    if (path.includes('cursor=')) await held;
    return anHour(path, method);
  });

  await expect.poll(async () => (await shown(page)).at, PATIENCE).toBeGreaterThan(5);
  await page.getByRole('progressbar', { name: 'Loading the rest' }).waitFor();
  await jump(page, 599.1);
  await page.getByText('Loading more events').waitFor();
  release();

  await expect.poll(async () => (await shown(page)).at, PATIENCE).toBeGreaterThan(3005);
  await loaded(page);
});

test('the first events are requested together with the recording', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const page = await open(async (path, method) => {
    if (!path.includes('/events')) await held;
    return anHour(path, method);
  });

  await expect.poll(() => visit.asked, PATIENCE).toContain('/recordings/recording-1/events');
  release();

  await expect.poll(async () => (await shown(page)).at, PATIENCE).toBeGreaterThan(0);
  expect(visit.asked.filter((path) => path.endsWith('/events'))).toHaveLength(1);
});

/** What a page looks like by its computed styles and states: recorded moment by moment, and looked for in its replay. */
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { faded } from './faded';
import { SITE, events, visitSite } from './given';
import { type RecordedVisit, visitShop } from './phone';
import { watched } from './places';
import { lastMomentOf } from './recorded-page';
import { jumpTo, openAt } from './recorded-pages';

/**
 * An element, by selectors that go into shadow trees and frames after `>>`, and a property of its style, or of its own after
 * a dot, with others after more dots; after two colons the texts that its page highlights by this name.
 */
export type Probe = readonly [path: string, property: string];
export type Values = Record<string, unknown>;

export interface Step {
  readonly name: string;
  /** What the visitor or a script does. */
  readonly act: string | ((page: Page) => Promise<unknown>);
}

export interface Moment {
  readonly name: string;
  readonly atMs: number;
  readonly values: Values;
}

/** Values of a document, by probe. */
function readValues(page: Document, probes: readonly Probe[]): Values {
  const read = ([path, property]: Probe): unknown => {
    let root: ParentNode | null | undefined = page;
    let element: Element | null | undefined;
    for (const part of path.split(' >> ')) {
      element = root?.querySelector(part);
      const { tree } = (element ?? {}) as { tree?: ShadowRoot }; // a page of ours names a closed one so
      root = element?.shadowRoot ?? tree ?? (element as HTMLIFrameElement | null | undefined)?.contentDocument ?? element;
    }
    if (!element) return 'no such element';
    if (property.startsWith('::')) return [...((element.ownerDocument.defaultView as unknown as typeof globalThis).CSS.highlights.get(property.slice(2)) ?? [])].map(String);
    if (!property.startsWith('.')) return element.ownerDocument.defaultView!.getComputedStyle(element).getPropertyValue(property);
    const value = property.slice(1).split('.').reduce<unknown>((of, name) => (of as Record<string, unknown>)[name], element);
    return value && typeof value === 'object' ? [...(value as Iterable<Element>)].map(({ id }) => id) : value;
  };
  return Object.fromEntries(probes.map((probe) => [probe.join(' '), read(probe)]));
}

const READ = readValues.toString();

/** Record a page that goes through these steps, with its values after each. */
export async function recordSteps(
  browser: Browser,
  page: string,
  probes: readonly Probe[],
  steps: readonly Step[],
  { context = {}, ...options }: { context?: BrowserContextOptions; before?: string; privacy?: string; more?: object } = {},
): Promise<{ visit: RecordedVisit; moments: Moment[] }> {
  const visit = await visitShop(browser, context, { page, ...options });
  const moments: Moment[] = [];
  for (const { name, act } of [{ name: 'at first', act: '' }, ...steps]) {
    if (typeof act === 'string') await visit.page.evaluate(`(async () => { ${act} })()`);
    else await act(visit.page);
    await visit.page.evaluate(() => new Promise((soon) => setTimeout(soon, 450))); // rrweb gathers, and the recorder looks at what the page holds
    const values = await visit.page.evaluate<Values>(`(${READ})(document, ${JSON.stringify(probes)})`);
    moments.push({ name, atMs: await lastMomentOf(visit.page), values });
  }
  await visit.page.mouse.move(3, 3); // a replay ends with its last event
  await visit.page.mouse.move(5, 5);
  await visit.page.evaluate(() => new Promise((soon) => setTimeout(soon, 600)));
  return { visit, moments };
}

/** Values of the replayed page, once what was applied last has been drawn. */
async function valuesOf(page: Page, probes: readonly Probe[]): Promise<Values> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return page.evaluate<Values>(`(${READ})(document.querySelector('.player iframe').contentDocument, ${JSON.stringify(probes)})`);
}

type Watching = Parameters<typeof visitSite>[2] & {
  /** Whether each moment is opened by a link. @default the first one; to the others the player jumps from the start */
  readonly byLinks?: boolean;
};

/** Watch the recording: the values of each moment, and those at the end after playing. */
export async function replaySteps(
  browser: Browser,
  lines: readonly string[],
  moments: readonly Moment[],
  probes: readonly Probe[],
  { byLinks = false, ...options }: Watching = {},
): Promise<{ jumped: Moment[]; played: Values; complaints: string[] }> {
  const { timestamp } = JSON.parse(lines[0]!) as { timestamp: number };
  const visit = await visitSite(browser, watched((path) => events(path.includes('cursor') ? [] : ended(lines))), options);
  const { end, page, complaints } = visit;
  const jumped: Moment[] = [];
  for (const { name, atMs } of moments) {
    const ms = atMs - timestamp + 1;
    if (byLinks || jumped.length === 0) await openAt(visit, ms);
    else {
      await jumpTo(visit, 0); // so that the jump there goes through all events, as a link does
      await jumpTo(visit, ms);
    }
    await faded(page);
    jumped.push({ name, atMs, values: await valuesOf(page, probes) });
  }
  await page.evaluate(() => localStorage.setItem('rrweb-store:player', '{"speed":4}')); // as it plays, only the order of its events counts
  await page.goto('about:blank');
  await page.goto(`${SITE}/recordings/recording-1`);
  await page.getByRole('button', { name: 'Play again' }).waitFor({ timeout: 90_000 });
  // Chromium takes changed keyframes of a paused animation for true once it is asked for them.
  await page.evaluate(() => document.querySelector<HTMLIFrameElement>('.player iframe')!.contentDocument!.getAnimations().forEach(({ effect }) => (effect as KeyframeEffect).getKeyframes()));
  const played = await valuesOf(page, probes);
  await end();
  return { jumped, played, complaints };
}

/** With the mark of an end, without which a recording of the last minute is opened live. */
function ended(lines: readonly string[]): readonly string[] {
  const { timestamp } = JSON.parse(lines.at(-1)!) as { timestamp: number };
  return [...lines, JSON.stringify({ type: 5, data: { tag: 'rrweb-store:end', payload: { reason: 'stopped' } }, timestamp })];
}

/**
 * Record the steps, watch them, and expect of each moment the values that the page had.
 *
 * @param options.complaint that the watcher's browser makes besides the usual ones
 */
export async function expectSeen(
  browser: Browser,
  page: string,
  probes: readonly Probe[],
  steps: readonly Step[],
  { watcher = {}, complaint, ...options }: Parameters<typeof recordSteps>[4] & { watcher?: Watching; complaint?: RegExp } = {},
): Promise<{ lines: readonly string[] }> {
  const { visit, moments } = await recordSteps(browser, page, probes, steps, options);
  const lines = await visit.lines();
  await visit.end();
  const { jumped, played, complaints } = await replaySteps(browser, lines, moments, probes, watcher);
  for (const [n, { name, values }] of moments.entries()) {
    if (n > 0) expect.soft(values, `the page changes: ${name}`).not.toEqual(moments[n - 1]!.values);
    expect.soft(jumped[n]!.values, `after a jump: ${name}`).toEqual(values);
  }
  expect(played, 'after playing').toEqual(moments.at(-1)!.values);
  expect(complaints.filter((one) => !/sessionStorage|autofocusing/.test(one) && !complaint?.test(one))).toEqual([]); // about:blank has none, and a frame without scripts focuses nothing
  return { lines };
}

/** What the recorded page is made of, and what its replay is: namespaces, names, attributes, frames, shadow trees and boxes. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { borrowContext } from '../../recorded-session/borrowed-contexts.mjs';
import { browser } from './chromium';
import { bundled } from './rebuilt/bundled';
import { CASES, type Case } from './rebuilt/pages';

/** Every case has done its work, and rrweb has told of it, when nothing was recorded for this long. */
const QUIET_MS = 300;
const PAGES_AT_ONCE = 6;

let player: Page;
let recorder: string;
const made = new Map<Case, Recorded>();

beforeAll(async () => {
  const scripts = await Promise.all([bundled('record-in-page', 'recorder'), bundled('replay-in-page', 'player')]);
  recorder = scripts[0];
  player = await browser.newPage({ viewport: { width: 800, height: 600 } });
  await player.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }));
  await player.goto('https://player.example/');
  await player.evaluate(scripts[1]);
  const waiting = [...CASES];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) made.set(next, await recorded(next));
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
}, 300_000);

interface Recorded {
  /** As the page was in the end. */
  readonly tree: string[];
  /** The events of all, and a snapshot of the end by itself. */
  readonly lines: string[];
  readonly snapshot: string[];
}

async function recorded({ body = '', page: html, type = 'text/html', act }: Case): Promise<Recorded> {
  const { context, giveBack } = await borrowContext(browser, { viewport: { width: 800, height: 600 } });
  const page = await context.newPage();
  const whole = html ?? `<!doctype html><html><head></head><body>${body}</body></html>`;
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: `${type}; charset=utf-8`, body: whole });
    return route.fulfill({ contentType: 'text/html', body: `<p>page ${pathname}</p>` });
  });
  await page.goto('https://recorded.example/');
  await page.evaluate(recorder);
  await page.evaluate('recorder.start({ maskAllInputs: false })');
  await quiet(page);
  if (act) await page.evaluate(`(() => { ${act} })()`);
  await quiet(page);
  const lines = await page.evaluate<string[]>('recorder.taken()');
  const tree = await page.evaluate<string[]>('recorder.treeOf(document)');
  await page.evaluate('recorder.takeSnapshot()');
  await quiet(page);
  const snapshot = await page.evaluate<string[]>('recorder.taken()');
  await giveBack();
  return { tree, lines, snapshot };
}

async function quiet(page: Page): Promise<void> {
  let count = -1;
  for (;;) {
    const now = await page.evaluate<number>('recorder.taken().length');
    if (now === count) return;
    count = now;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}

function replayed(lines: readonly string[], how: 'jump' | 'play'): Promise<{ tree: string[]; faults: string[] }> {
  return player.evaluate(
    ([lines, how]) => (globalThis as unknown as { player: { replayed: (...given: unknown[]) => Promise<{ tree: string[]; faults: string[] }> } }).player.replayed(lines, how),
    [lines, how] as const,
  );
}

describe.for(CASES.map((one) => [one.name, one] as const))('%s', ([, one]) => {
  test.for(['lines', 'snapshot'] as const)('is rebuilt at a moment, from its %s', async (from) => {
    expect(await replayed(made.get(one)![from], 'jump')).toEqual({ tree: made.get(one)!.tree, faults: [] });
  });

  test('is rebuilt as it plays', async () => {
    expect(await replayed(made.get(one)!.lines, 'play')).toEqual({ tree: made.get(one)!.tree, faults: [] });
  });
});

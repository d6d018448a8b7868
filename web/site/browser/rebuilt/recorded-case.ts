/** Records and replays small pages by the recorder's and the player's own modules, without a store between them. */
import type { Page } from 'playwright-core';
import { borrowContext } from '../../../recorded-session/borrowed-contexts.mjs';
import { browser } from '../chromium';
import { consoleErrors } from '../console-errors';
import { bundled } from './bundled';
import type { Case } from './pages';

/** Every page has done its work, and rrweb has told of it, when nothing was recorded for this long. */
const QUIET_MS = 300;
const PAGES_AT_ONCE = 6;
const VIEWPORT = { width: 800, height: 600 };

export interface RecordedCase {
  /** As the page was in the end. */
  readonly tree: string[];
  /** The events of all, and a snapshot of the end by itself. */
  readonly lines: string[];
  readonly snapshot: string[];
  /** What the recorder has told the console. */
  readonly errors: string[];
}

export interface Replayed {
  readonly tree: string[];
  readonly faults: string[];
}

/** Each page's recording, by the page. */
export async function recordCases(cases: readonly Case[]): Promise<ReadonlyMap<Case, RecordedCase>> {
  const recorder = await bundled('record-in-page', 'recorder');
  const made = new Map<Case, RecordedCase>();
  const waiting = [...cases];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) made.set(next, await recordCase(next, recorder));
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
  return made;
}

async function recordCase({ body = '', page: html, type = 'text/html', act }: Case, recorder: string): Promise<RecordedCase> {
  const { context, giveBack } = await borrowContext(browser, { viewport: VIEWPORT });
  const page = await context.newPage();
  const errors = consoleErrors(page);
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
  return { tree, lines, snapshot, errors };
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

/** A page with the player, for `replayed`. */
export async function openPlayer(): Promise<Page> {
  const player = await browser.newPage({ viewport: VIEWPORT });
  await player.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }));
  await player.goto('https://player.example/');
  await player.evaluate(await bundled('replay-in-page', 'player'));
  return player;
}

/** The end of the recording, after a jump there or after playing. */
export function replayed(player: Page, lines: readonly string[], how: 'jump' | 'play'): Promise<Replayed> {
  return player.evaluate(
    ([lines, how]) => (globalThis as unknown as { player: { replayed: (...given: unknown[]) => Promise<Replayed> } }).player.replayed(lines, how),
    [lines, how] as const,
  );
}

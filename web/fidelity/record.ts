/** Visits a page that records itself, and keeps what the visitor sees at each moment. */
import type { Browser, Page } from 'playwright-core';
import { servePage } from './host';
import type { PageVisit } from './page';
import { type Shown, atRest, shown } from './shown';
import { openStore } from './store';
import { until } from './until';
import { PATIENCE_MS, type Visitor, createVisitor } from './visitor';

export const WINDOW = { width: 1000, height: 700 };
const [MOUSE_MOVE, FULL_SNAPSHOT] = [1, 2];

export interface Moment extends Shown {
  readonly name: string;
  /** Of the recording's first event. */
  readonly atMs: number;
}

export interface Recorded {
  /** One event each, as JSON. */
  readonly lines: readonly string[];
  readonly assets: ReadonlyMap<string, Buffer>;
  readonly moments: readonly Moment[];
  /** Of the page, and of its recorder. */
  readonly errors: readonly string[];
}

/** @param quietMs for so long nothing happens after each moment: a player may stop anywhere in it */
export async function recordVisit(browser: Browser, name: string, visit: PageVisit, quietMs: number): Promise<Recorded> {
  const store = await openStore();
  const host = await servePage(name, visit, store.writeUrl);
  const context = await browser.newContext({ viewport: WINDOW, locale: 'en-GB', colorScheme: visit.dark ? 'dark' : 'light' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(`error of the page: ${String(error)}`));
    await page.goto(host.url);
    await page.locator(visit.ready ?? 'body').first().waitFor();
    const hasSnapshot = () => page.evaluate<boolean>(`fidelity.seen.some(({ type }) => type === ${FULL_SNAPSHOT})`);
    await until('the page is recorded', hasSnapshot);
    const visitor = createVisitor(page);
    await visitor.moveTo(WINDOW.width - 6, WINDOW.height - 6);
    const moments = [await momentOf('loaded', visitor, quietMs)];
    for (const [step, act] of Object.entries(visit.steps)) {
      await act(visitor);
      moments.push(await momentOf(step, visitor, quietMs));
    }
    await visitor.moveTo(visitor.at().x, visitor.at().y - 1); // a replay ends with its last event
    await mouseIsRecorded(visitor);
    await page.evaluate('fidelity.recording.stop()');
    errors.push(...(await page.evaluate<string[]>('fidelity.errors.map((error) => `error of the recorder: ${error}`)')));
    const lines = store.lines();
    const startMs = Math.min(...lines.map((line) => (JSON.parse(line) as { timestamp: number }).timestamp));
    return { lines, assets: store.assets, moments: moments.map((one) => ({ ...one, atMs: one.atMs - startMs })), errors };
  } finally {
    await context.close();
    await Promise.all([host.close(), store.close()]); // from here on nothing can come from the page's host
  }
}

async function momentOf(name: string, visitor: Visitor, quietMs: number): Promise<Moment> {
  const { page } = visitor;
  await mouseIsRecorded(visitor);
  await atRest(() => page.frames());
  const seen = await shown(page, page.mainFrame(), { x: 0, y: 0, ...WINDOW });
  const atMs = await page.evaluate(() => Date.now());
  await until('the moment is over', async () => (await page.evaluate(() => Date.now())) > atMs + quietMs);
  return { name, atMs, ...seen };
}

/** rrweb reports mouse moves up to 500 ms later, and drops those that come too soon after another. */
async function mouseIsRecorded({ page, at }: Visitor): Promise<void> {
  const { x, y } = at();
  const fromMs = await page.evaluate(() => Date.now());
  const newestMs = `(() => {
    const move = fidelity.seen.findLast(({ type, data }) => type === 3 && data.source === ${MOUSE_MOVE});
    return move ? move.timestamp + move.data.positions.at(-1).timeOffset : 0;
  })()`;
  await until('the mouse is recorded', async () => {
    await page.mouse.move(x, y);
    return (await page.evaluate<number>(newestMs)) > fromMs;
  });
}

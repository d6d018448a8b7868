/** The element that the sanitizer assumes for an id, and the one that rrweb built: compared on random events. */
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { browser } from './chromium';
import { type Draw, draw } from './hostile/draws';

/** How many random recordings are drawn. */
const DRAWS = Number(process.env['DRAWS'] ?? 200);
const AT_ONCE = 20;
/** A new one for each run; `SEED` repeats a run. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

let page: Page;

beforeAll(async () => {
  page = await browser.newPage();
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }));
  await page.goto('https://player.example/');
  await page.addScriptTag({ content: await inPage() });
});

/** The module with `findings`, as a script that sets a global. */
async function inPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('./hostile/stage-in-page.ts', import.meta.url)), formats: ['iife'], name: 'player' },
    },
  });
  const [one] = [built].flat();
  if (!one || !('output' in one)) throw new Error('vite built nothing');
  return `${one.output[0].code};globalThis.player = player`;
}

function findingsOf(draws: readonly Draw[]): Promise<string[][]> {
  return page.evaluate((draws) => {
    const { player } = globalThis as unknown as { player: { findings: (draw: Draw) => Promise<string[]> } };
    return Promise.all(draws.map((one) => player.findings(one)));
  }, draws);
}

/** The recording reduced to the events that are needed for the fault. */
async function shortened(whole: Draw): Promise<{ lines: readonly string[]; wrong: string[] }> {
  let least = whole;
  for (let at = whole.lines.length - 1; at > 0; at--) {
    const without = { ...least, lines: least.lines.filter((_, index) => index !== at) };
    if ((await findingsOf([without]))[0]!.length > 0) least = without;
  }
  return { lines: least.lines, wrong: (await findingsOf([least]))[0]! };
}

const iframe = (id: unknown) => ({ type: 2, id, tagName: 'iframe', attributes: {}, childNodes: [] as object[] });
const element = (tagName: string, id: unknown, childNodes: object[] = []) => ({ ...iframe(id), tagName, childNodes });
const documentOf = (id: number, body: object) => ({ type: 0, id, childNodes: [element('html', id + 1, [body])] });
const wholePage = (...children: object[]) => pageOf(documentOf(1, element('body', 4, children)));
const pageOf = (node: object) => ({ type: 2, data: { node, initialOffset: { left: 0, top: 0 } } });
const mutation = (change: object) => ({ type: 3, data: { source: 0, adds: [], removes: [], texts: [], attributes: [], ...change } });
const added = (node: object, parentId = 4, nextId: number | null = null) => ({ parentId, nextId, node });
const adds = (...all: object[]) => mutation({ adds: all });
const leadsAway = (...ids: number[]) => mutation({ attributes: ids.map((id) => ({ id, attributes: { src: 'data:text/html,evil' } })) });

/** In each, a frame could be navigated by its id if that was taken for an image's. */
const CASES: readonly (readonly [string, readonly object[]])[] = [
  ['an id that occurs twice in one page', [wholePage(element('img', 5), iframe(5)), leadsAway(5)]],
  ['an element that was never inserted because its parent is missing', [wholePage(iframe(5)), adds(added(element('img', 5), 99)), leadsAway(5)]],
  ['an element that was never inserted because its neighbour is missing', [wholePage(iframe(5)), adds(added(element('img', 5), 4, 99)), leadsAway(5)]],
  [
    'an element that had to wait for its neighbour',
    [wholePage(), adds(added(iframe(5), 4, 7), added(element('img', 5)), added(element('p', 7))), leadsAway(5)],
  ],
  [
    'an element that arrives late, with a time before a change of its id',
    [wholePage(element('img', 5)), leadsAway(5), { ...adds(added(element('embed', 5))), timestamp: 1_002 }],
  ],
  [
    'an element that takes the id of a changed one',
    [wholePage(element('img', 5)), leadsAway(5), adds(added(iframe(5))), leadsAway(5)],
  ],
  [
    'a page that is refused, so that the one before it stays',
    [wholePage(iframe(5)), wholePage(...Array.from({ length: 99 }, () => element('img', 5))), leadsAway(5)],
  ],
  [
    'ids that rrweb gives to nodes without one',
    [wholePage(iframe(5)), pageOf(element('p', 9, [-2, -3, -4, -5, -6, -7, -8].map((id) => element('img', id)))), leadsAway(-2, -3, -4, -5, -6, -7, -8)],
  ],
  [
    'a document that has waited for its frame since the page before',
    [wholePage(), adds(added(documentOf(20, element('body', 22, [iframe(5)])), 7)), wholePage(iframe(7), element('img', 5)), leadsAway(5)],
  ],
  [
    'an element that is put into itself, where rrweb would loop for ever',
    [wholePage(element('p', 5, [element('b', 6)])), adds(added(element('p', 5), 6)), adds(added(element('i', 7), 4, 6))],
  ],
  ['a sound with the id of no node', [wholePage(element('audio', -1)), { type: 3, data: { source: 7, type: 0, id: 5 } }]],
];

test.for(CASES)('no harm comes of %s', async ([, events]) => {
  const lines = events.map((event, index) => JSON.stringify({ timestamp: 1_000 + 10 * index, ...event }));
  const [found] = await findingsOf([{ lines, begins: 0, maxNodes: 90, seekMs: 15, plays: true }]);

  expect(found).toEqual([]);
});

test('no id lets a change set an attribute that the element in rrweb may not have', async () => {
  let wrong: Draw | undefined;
  for (let seed = SEED; !wrong && seed < SEED + DRAWS / AT_ONCE; seed++) {
    const draws = fc.sample(draw, { numRuns: AT_ONCE, seed });
    const found = await findingsOf(draws);
    wrong = draws.find((_, index) => found[index]!.length > 0);
  }
  const why = wrong && (await shortened(wrong));

  expect(why, `SEED=${SEED} draws it again: ${JSON.stringify(why, undefined, 1)}`).toBeUndefined();
});

/** Features that an older browser lacks, taken away one by one before the page loads: docs/recorder.md says what follows. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { beforeAll, expect, test } from 'vitest';
import { textOf } from '../../recorded-session/batches.mjs';
import { borrowContext } from '../../recorded-session/borrowed-contexts.mjs';
import { browser } from './chromium';

const SCRIPT = fileURLToPath(new URL('../../recorder/dist/page-copy.js', import.meta.url));
const SHOP = 'https://shop.example';
const WRITE_URL = `https://api.example/v1/w/wk_${'a'.repeat(24)}`;
const PAGE = `<!doctype html><html lang="en"><head><title>Counter</title>
  <script async src="/page-copy.js" data-write-url="${WRITE_URL}" data-privacy="inputs"></script></head>
  <body><button onclick="this.textContent = 'clicked ' + (window.clicks = (window.clicks ?? 0) + 1)">click</button></body></html>`;

let script: string;
beforeAll(async () => {
  script = await readFile(SCRIPT, 'utf8');
});

/** What the visit of a page without a feature led to. */
async function visitWithout(removal: string) {
  const { context, giveBack } = await borrowContext(browser, {});
  const said: string[] = [];
  let stored = '';
  let requests = 0;
  await context.route('**/*', (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (origin !== SHOP) {
      requests += 1;
      stored += textOf(route.request().postDataBuffer() ?? Buffer.from(''));
      return route.fulfill({ status: 200, body: '{}', headers: { 'Access-Control-Allow-Origin': '*' } });
    }
    return route.fulfill(pathname === '/page-copy.js' ? { body: script, contentType: 'text/javascript' } : { body: PAGE, contentType: 'text/html' });
  });
  const page = await context.newPage();
  page.on('console', (message) => message.text().includes('favicon') || said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.addInitScript(removal);
  await page.goto(`${SHOP}/`);
  await page.waitForLoadState('load');
  for (let click = 0; click < 3; click++) await page.getByRole('button').click();
  await page.evaluate('rrwebRecorder.recording?.flush()');
  const shown = await page.getByRole('button').textContent();
  const error = await page.evaluate('String(rrwebRecorder.lastError)');
  await page.goto('about:blank');
  await giveBack();
  const result = requests === 0 ? 'nothing' : stored.includes('clicked 3') ? 'recorded' : 'broken';
  return { said, shown, result, error };
}

/** Newer than the oldest browsers that are recorded: without one of these a recorder does less, and says nothing. */
const SPARED = [
  'AbortSignal.timeout',
  'Array.prototype.at',
  'Array.prototype.findLast',
  'Blob.prototype.arrayBuffer',
  'CSSStyleSheet.prototype.replaceSync',
  'CompressionStream',
  'Crypto.prototype.randomUUID',
  'Crypto.prototype.subtle',
  'Document.prototype.adoptedStyleSheets',
  'IDBTransaction.prototype.commit',
  'Navigator.prototype.locks',
  'Object.hasOwn',
  'indexedDB',
  'localStorage',
  'navigation',
  'sessionStorage',
  'structuredClone',
];
/** Without one of these nothing is recorded. */
const NEEDED = ['MutationObserver', 'ResizeObserver', 'String.prototype.replaceAll', 'TextEncoder', 'crypto', 'fetch', 'visualViewport'];

/** Fails in the page if the feature is still there. */
const removalOf = (names: readonly string[]) => names.map((name) => `delete window.${name}; if (window.${name} !== undefined) throw new Error('${name}');`).join('');

test.for([...SPARED.map((name) => ({ name, names: [name] })), { name: 'all of these', names: SPARED }, { name: 'a loss', names: [] }])('without $name a page is recorded, and nothing is said', async ({ names }) => {
  expect(await visitWithout(removalOf(names))).toEqual({ said: [], shown: 'clicked 3', result: 'recorded', error: 'undefined' });
});

test.for([...NEEDED.map((name) => ({ name, names: [name] })), { name: 'all of both', names: [...SPARED, ...NEEDED] }])('without $name nothing is recorded, and nothing is said', async ({ names }) => {
  expect(await visitWithout(removalOf(names))).toEqual({ said: [], shown: 'clicked 3', result: 'nothing', error: 'undefined' });
});

test('the script has no syntax that is newer than the oldest browsers that are recorded', () => {
  expect(() => parse(script, { ecmaVersion: 2020 })).not.toThrow();
  expect(script).not.toMatch(/\(\?<[=!]/); // Safari looks back since 16.4 only
});

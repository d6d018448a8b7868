/** What connects, or looks up a name, without any request: seen on the wire, and in the browser's own log of the net. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumPath } from '../../recorded-session/chromium.mjs';
import { SITE, events, json, recording, visitSite } from './given';
import { type Kind } from './hostile/kinds';
import { element, htmlOf } from './hostile/nodes';
import { MARKERS, recordingOf } from './hostile/recording';
import { type Wire, openWire } from './hostile/wire';

/** No host of the wire: its name would be looked up. */
const LOOKED_UP = 'https://looked-up.example.invalid';
const KINDS: readonly Kind[] = [
  { name: 'a connection', harm: 'asks', head: (evil) => [element('link', { rel: 'preconnect', href: evil })] },
  { name: 'a look-up', harm: 'asks', head: () => [element('link', { rel: 'dns-prefetch', href: LOOKED_UP })] },
];
const CONNECTED = 'a-connection.evil.example';

let wire: Wire;
let folder: string;

beforeAll(async () => {
  wire = await openWire();
  folder = await mkdtemp(join(tmpdir(), 'chromium-'));
});
afterAll(async () => {
  await wire.close();
  await rm(folder, { recursive: true, force: true });
});

/** What Chromium connected to and looked up during a visit, if it may do so beforehand: Debian's does not unless told. */
async function reached(name: string, visit: (context: BrowserContext) => Promise<void>) {
  const profile = join(folder, name);
  await mkdir(join(profile, 'Default'), { recursive: true });
  await writeFile(join(profile, 'Default', 'Preferences'), '{"net":{"network_prediction_options":0}}');
  const log = join(folder, `${name}.json`);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(process.env),
    headless: true,
    chromiumSandbox: false, // root, as in a container, cannot have it
    ignoreDefaultArgs: ['--disable-background-networking'],
    args: [...wire.switches, '--disable-gpu', '--no-first-run', `--log-net-log=${log}`],
  });
  await visit(context).finally(() => context.close());
  return {
    connected: wire.hosts().has(CONNECTED),
    lookedUp: (await readFile(log, 'utf8')).includes(new URL(LOOKED_UP).host),
  };
}

test('recorded and watched on the site, nothing is connected to or looked up', async () => {
  const found = await reached('site', async (context) => {
    const browser = { newContext: async () => context } as unknown as Browser;
    const { first } = recordingOf(KINDS, Date.now());
    const { page } = await visitSite(browser, (path) => (path.includes('/events') ? events(first) : json(recording(1))));
    await page.goto(`${SITE}/recordings/recording-1`);
    await page.frameLocator('.player iframe').first().getByText(MARKERS.changed).waitFor({ state: 'attached' });
    await page.waitForTimeout(1000);
  });

  expect(found).toEqual({ connected: false, lookedUp: false });
});

test('unprotected, both are: the test before would notice', async () => {
  const found = await reached('unprotected', async (context) => {
    const body = KINDS.flatMap((kind) => kind.head!(`https://${CONNECTED}`, '').map(htmlOf)).join('');
    await context.route('https://unprotected.example/', (route) => route.fulfill({ body, contentType: 'text/html' }));
    const page = await context.newPage();
    await page.goto('https://unprotected.example/');
    await page.waitForTimeout(1000);
  });

  expect(found).toEqual({ connected: true, lookedUp: true });
});

/** Anything that connects or looks up a name without a request: seen on the wire, and in the browser's own net log. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumPath } from '../../recorded-session/chromium.mjs';
import { SITE, events, json, recording, visitSite } from './given';
import { type Kind } from './hostile/kinds';
import { type ElementNode, element, htmlOf } from './hostile/nodes';
import { MARKERS, recordingOf } from './hostile/recording';
import { type Wire, openWire } from './hostile/wire';

/** Not a host of the wire, so that its name would be looked up. */
const LOOKED_UP = 'https://looked-up.example.invalid';
/** The look-up first: when the connection is seen, it has been made. */
const KINDS: readonly Kind[] = [
  { name: 'a look-up', harm: 'asks', head: () => [element('link', { rel: 'dns-prefetch', href: LOOKED_UP })] },
  { name: 'a connection', harm: 'asks', head: (evil) => [element('link', { rel: 'preconnect', href: evil })] },
];
const CONNECTED = 'a-connection.evil.example';
/** Connected to after everything else, without protection: when it is seen, nothing else is on its way. */
const LAST = 'last.evil.example';

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

/** What Chromium connected to and looked up during a visit. It may do so in advance, which Debian's does not by default. */
async function reached(name: string, visit: (context: BrowserContext) => Promise<void>) {
  const profile = join(folder, name);
  await mkdir(join(profile, 'Default'), { recursive: true });
  await writeFile(join(profile, 'Default', 'Preferences'), '{"net":{"network_prediction_options":0}}');
  const log = join(folder, `${name}.json`);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(process.env),
    headless: true,
    chromiumSandbox: false, // not available to root, as in a container
    ignoreDefaultArgs: ['--disable-background-networking'],
    args: [...wire.switches, '--disable-gpu', '--no-first-run', `--log-net-log=${log}`],
  });
  await visit(context).finally(() => context.close());
  return {
    connected: wire.hosts().has(CONNECTED),
    lookedUp: (await readFile(log, 'utf8')).includes(new URL(LOOKED_UP).host),
  };
}

/** A page of its own with these elements; waits until the host is connected to. */
async function connects(page: Page, elements: ElementNode[], host: string): Promise<void> {
  const body = elements.map(htmlOf).join('');
  await page.route('https://unprotected.example/', (route) => route.fulfill({ body, contentType: 'text/html' }));
  await page.goto('https://unprotected.example/');
  await expect.poll(() => [...wire.hosts()], { timeout: 40_000 }).toContain(host);
}

test('recorded and watched on the site, nothing is connected to or looked up', async () => {
  const found = await reached('site', async (context) => {
    const browser = { newContext: async () => context } as unknown as Browser;
    const { first } = recordingOf(KINDS, Date.now());
    const { page } = await visitSite(browser, (path) => (path.includes('/events') ? events(first) : json(recording(1))));
    await page.goto(`${SITE}/recordings/recording-1`);
    await page.frameLocator('.player iframe').first().getByText(MARKERS.changed).waitFor({ state: 'attached' });
    const last = await context.newPage();
    await connects(last, [element('link', { rel: 'preconnect', href: `https://${LAST}` })], LAST);
  });

  expect(found).toEqual({ connected: false, lookedUp: false });
});

test('unprotected, both are: the test before would notice', async () => {
  const found = await reached('unprotected', async (context) => {
    await connects(await context.newPage(), KINDS.flatMap((kind) => kind.head!(`https://${CONNECTED}`, '')), CONNECTED);
  });

  expect(found).toEqual({ connected: true, lookedUp: true });
});

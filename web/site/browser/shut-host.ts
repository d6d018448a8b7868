/** A page on a host that is shut down once it is recorded, and its replay. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, expect } from 'vitest';
import { linesOf } from '../../recorded-session/batches.mjs';
import { browser } from './chromium';
import { faded } from './faded';
import { type Answer, SITE, type Visit, events, json, recording, visitSite } from './given';

const PATIENCE_MS = 40_000;
const SCRIPT = new URL('../../recorder/dist/page-copy.js', import.meta.url);
const KEY = 'wk_sandbox0sandbox0sandbox0';

interface Content {
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
}
/** A file of a host: a whole answer, or what writes one. */
export type File = Content | ((request: IncomingMessage, answer: ServerResponse) => void);
export type Files = Record<string, File>;

export interface Host {
  readonly url: string;
  /** Method and path of what was asked, oldest first. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startHost(files: Files): Promise<Host> {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    const file = files[request.url!] ?? files[request.url!.replace(/\?.*/, '')];
    if (!file) return answer.writeHead(404).end();
    if (typeof file === 'function') return file(request, answer);
    answer.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': 'max-age=600', ...file.headers }).end(file.body);
    return undefined;
  });
  await listening(server);
  return { url: urlOf(server), asked, close: () => closed(server) };
}

const listening = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export interface Store {
  readonly url: string;
  readonly assets: Map<string, Buffer>;
  /** Method and last part of the path of each request. */
  readonly asked: string[];
  /** All events that were sent, one JSON each, oldest first. */
  lines(): string[];
  close(): Promise<void>;
}

/** The write API of a site, which keeps what it gets. */
export async function startStore(): Promise<Store> {
  const assets = new Map<string, Buffer>();
  const asked: string[] = [];
  const batches = new Map<string, Buffer>();
  const server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const path = request.url!.replace(/\?.*/, '');
      const name = path.split('/').at(-1)!;
      asked.push(`${request.method} ${path.split('/').slice(3).join('/')}`);
      answer.setHeader('Access-Control-Allow-Origin', '*');
      if (path.includes('/assets/') && request.method === 'HEAD') return answer.writeHead(assets.has(name) ? 200 : 404).end();
      if (path.includes('/assets/')) assets.set(name, body);
      if (path.includes('/events/')) batches.set(name, body);
      return answer.writeHead(200).end('{}');
    });
  });
  await listening(server);
  return {
    url: `${urlOf(server)}/w/${KEY}`,
    assets,
    asked,
    lines: () => linesOf(batches),
    close: () => closed(server),
  };
}

/** The page with a tag that records into the store. */
export function pageOf(store: Store, body: string, { head = '', options = {} }: { head?: string; options?: object } = {}): File {
  const start = `window.recording = rrwebRecorder.startRecording(${JSON.stringify({ writeUrl: store.url, privacy: 'inputs', flushMs: 200, ...options })})`;
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><html lang="en"><head><title>t</title><script>${readFileSync(SCRIPT, 'utf8')}</script><script>${start}</script>${head}</head><body style="margin:8px">${body}</body></html>`,
    headers: { 'Cache-Control': 'no-cache' },
  };
}

export const sha256Of = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A picture of one colour. */
export function png([red, green, blue]: readonly [number, number, number], width = 8, height = width): Content & { readonly body: Buffer } {
  const made = new PNG({ width, height });
  for (let at = 0; at < made.data.length; at += 4) made.data.set([red, green, blue, 255], at);
  return { type: 'image/png', body: PNG.sync.write(made) };
}

/** What the recording says of resources, all its events together. */
export function resourcesOf(lines: readonly string[]): { stored: Record<string, [string, string]>; missing: Record<string, { reason: string; kind: string }> } {
  const all = { stored: {}, missing: {} };
  for (const line of lines) {
    const { data } = JSON.parse(line) as { data: { tag?: string; payload: typeof all } };
    if (data?.tag !== 'rrweb-store:resources') continue;
    Object.assign(all.stored, data.payload.stored);
    Object.assign(all.missing, data.payload.missing);
  }
  return all;
}

/**
 * The events of a visit, once the recording names as many addresses.
 *
 * @param act what the visitor does
 * @param after what happens when these addresses are named
 * @param deviceScaleFactor of the visitor's screen
 */
export async function recorded(url: string, store: Store, addresses: number, act?: (page: Page) => Promise<unknown>, after?: (page: Page) => Promise<unknown>, deviceScaleFactor = 1): Promise<readonly string[]> {
  const context = await browser.newContext({ viewport: { width: 640, height: 480 }, deviceScaleFactor });
  const page = await context.newPage();
  await page.goto(url);
  await expect.poll(() => page.evaluate<string>('recording.recordingId')).not.toBe('');
  await act?.(page);
  await expect
    .poll(() => {
      const { stored, missing } = resourcesOf(store.lines());
      return Object.keys({ ...stored, ...missing }).length;
    }, { timeout: PATIENCE_MS })
    .toBeGreaterThanOrEqual(addresses);
  await expect
    .poll(() => {
      const { stored, missing } = resourcesOf(store.lines());
      return Object.entries(stored).every(([address, [sha256]]) => address in missing || store.assets.has(sha256));
    }, { timeout: PATIENCE_MS })
    .toBe(true);
  await after?.(page);
  await page.evaluate('recording.stop()');
  await context.close();
  return store.lines();
}

/**
 * A watcher of the events, who can read the assets and no host of the page.
 *
 * @param before a script that runs first
 */
export async function replayed(lines: readonly string[], assets: ReadonlyMap<string, Buffer>, at = '', before = ''): Promise<Visit> {
  const visit = await visitSite(browser, (path): Answer => {
    const sha256 = /^\/assets\/(\w+)$/.exec(path)?.[1];
    const body = sha256 && assets.get(sha256);
    if (sha256) return body ? { body, headers: { 'Content-Type': 'application/octet-stream' } } : { status: 404, body: '{}' };
    return path.includes('/events') ? events(path.includes('cursor=') ? [] : lines) : json(path.includes('recording-1') ? recording(1) : { recordings: [recording(1)] });
  });
  await visit.page.addInitScript({ content: before });
  await visit.page.goto(`${SITE}/recordings/recording-1${at}`);
  await visit.page.locator('.player .round:enabled').waitFor();
  await faded(visit.page);
  return visit;
}

/** The colour at the middle of an element of the replayed page, as `r,g,b`. */
export async function colourOf(page: Page, selector: string): Promise<string> {
  const element = page.frameLocator('.player iframe').locator(selector);
  await element.evaluate((one) => one.scrollIntoView({ block: 'nearest', behavior: 'instant' }));
  const box = (await element.boundingBox())!;
  const shot = PNG.sync.read(await page.screenshot({ clip: { ...box, width: Math.max(1, box.width), height: Math.max(1, box.height) } }));
  const middle = 4 * (Math.floor(shot.height / 2) * shot.width + Math.floor(shot.width / 2));
  return [...shot.data.subarray(middle, middle + 3)].join();
}

/** What each test of a file has, until it ends: an empty store, and hosts of pages. */
export function shutHosts() {
  const hosts: Host[] = [];
  const shut = {
    store: undefined as unknown as Store,
    visit: undefined as Visit | undefined,
    async host(files: Files): Promise<Host> {
      const host = await startHost(files);
      hosts.push(host);
      return host;
    },
  };
  beforeEach(async () => {
    shut.store = await startStore();
  });
  afterEach(async () => {
    await shut.visit?.end();
    shut.visit = undefined;
    await Promise.all([shut.store.close(), ...hosts.splice(0).map((host) => host.close())]);
  });
  return shut;
}

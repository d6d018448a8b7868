/** A page with planted faults and a strict policy: what its console, requests, errors and vitals become in the recording, and what it can tell. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { linesOf } from '../../recorded-session/batches.mjs';
import { browser } from './chromium';
import { recordingIdOf } from './recorded-page';

const PAGE = 'https://page.example';
const TAG = 'https://tag.example';
const API = 'https://api.example';
const PATIENCE = { timeout: 40_000 };
const DIST = fileURLToPath(new URL('../../recorder/dist/', import.meta.url));

/** What of the page's own world the hooks must not change. */
const WORLD = `(() => {
  const members = [[window, 'fetch'], ...['open', 'setRequestHeader', 'send'].map((name) => [XMLHttpRequest.prototype, name]),
    ...['error', 'warn', 'info', 'log', 'debug'].map((name) => [console, name])];
  return JSON.stringify(members.map(([owner, name]) => {
    const { value, ...flags } = Object.getOwnPropertyDescriptor(owner, name);
    const isNative = /^function \\w*\\(\\) \\{ \\[native code\\] \\}$/.test(Function.prototype.toString.call(value));
    return [name, value.name, value.length, typeof value, isNative, 'prototype' in value, Object.getPrototypeOf(value) === Function.prototype, Reflect.ownKeys(value), flags, Object.keys(owner).includes(name)];
  }).concat([[new XMLHttpRequest() instanceof XMLHttpRequest, XMLHttpRequest.name, String(XMLHttpRequest)]]));
})()`;
const MEMBERS = `[window.fetch, ...['open', 'setRequestHeader', 'send'].map((name) => XMLHttpRequest.prototype[name]), ...['error', 'warn', 'info', 'log', 'debug'].map((name) => console[name])]`;

const SCRIPT = `
const world = ${WORLD};
window.before = { world, members: ${MEMBERS} };
window.unhandled = [];
addEventListener('unhandledrejection', ({ reason }) => unhandled.push(reason.name));
const early = () => {
  console.warn('early', { at: 1 });
  fetch('/early?token=secret').then((answer) => answer.text());
};
const started = () => (window.rrwebRecorder?.recording ? early() : setTimeout(started));
started();
`;

interface Event {
  type: number;
  timestamp: number;
  data: { tag?: string; plugin?: string; payload: Record<string, unknown> };
}

/** The page with the tag, which has these attributes; the API's batches are read by \`events\`. */
async function visit(attributes: string, { late = false, isModule = false } = {}): Promise<{ context: BrowserContext; page: Page; events: () => Promise<Event[]>; facts: () => Record<string, unknown>[] }> {
  const context = await browser.newContext();
  const batches = new Map<string, Buffer>();
  const facts: Record<string, unknown>[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await context.route('**/*', async (route) => {
    const request = route.request();
    const { origin, pathname } = new URL(request.url());
    const allowed = { 'Access-Control-Allow-Origin': '*' };
    if (origin === TAG) {
      if (late && pathname !== '/page-copy.js') await held;
      return route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: await readFile(DIST + pathname.slice(1)) });
    }
    if (origin === API) {
      if (/\/events\/\d+$/.test(pathname)) batches.set(pathname, request.postDataBuffer()!);
      if (pathname.endsWith('/facts')) facts.push(request.postDataJSON() as Record<string, unknown>);
      return route.fulfill({ status: 200, headers: allowed, body: '' });
    }
    if (pathname === '/early') setTimeout(release, 50);
    if (pathname === '/broken') return route.fulfill({ status: 500, body: 'broken', headers: { 'x-request-id': 'r-1', 'x-other': 'no' } });
    if (pathname === '/lost') return route.abort('connectionreset');
    if (pathname === '/slow') await new Promise((resolve) => setTimeout(resolve, 3_200));
    if (!/^\/$|module|\.mjs$/.test(pathname)) return route.fulfill({ contentType: 'application/json', body: pathname === '/page.js' ? SCRIPT : '{}' , ...(pathname === '/page.js' && { contentType: 'text/javascript' }) });
    if (pathname.endsWith('.mjs')) return route.fulfill({ contentType: 'text/javascript', body: await readFile(DIST + pathname.slice(1)) });
    const asModule = `import { startRecording } from '/recorder.mjs'; window.rrwebRecorder = { recording: startRecording({ writeUrl: '${API}/w/wk_pagepagepagepagepagepage', ${attributes} }) };`;
    if (pathname === '/module.js') return route.fulfill({ contentType: 'text/javascript', body: asModule });
    const tag = isModule ? '<script type="module" src="/module.js"></script>' : `<script async src="${TAG}/page-copy.js" data-write-url="${API}/w/wk_pagepagepagepagepagepage" ${attributes}></script>`;
    return route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers: { 'Content-Security-Policy': `default-src 'none'; script-src 'self' ${TAG}; connect-src 'self' ${API}` },
      body: `<!doctype html><html lang="en"><head><title>Faults</title><script src="/page.js"></script>${tag}</head><body><h1>Faults</h1><input id="name"><p id="p">text</p></body></html>`,
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE.timeout);
  await page.goto(PAGE);
  await recordingIdOf(page);
  return {
    context,
    page,
    facts: () => facts,
    async events() {
      await page.evaluate('rrwebRecorder.recording.flush()');
      return linesOf(batches).map((line) => JSON.parse(line) as Event);
    },
  };
}

const consoleOf = (events: readonly Event[]) => events.filter(({ data }) => data.plugin === 'rrweb/console@1').map(({ data }) => data.payload as { level: string; trace: string[]; payload: string[] });
const requestsOf = (events: readonly Event[]) =>
  events.filter(({ data }) => data.plugin === 'rrweb/network@1').flatMap(({ data }) => data.payload['requests'] as Record<string, unknown>[]);
const customOf = (events: readonly Event[], tag: string) => events.filter(({ data }) => data.tag === tag).map(({ data }) => data.payload);

test('what goes wrong on a page is in its recording, from before the plugins are there', async () => {
  const { context, page, events, facts } = await visit('data-privacy="inputs" data-console data-network="x-request-id" data-vitals', { late: true });
  await page.locator('#name').fill('Geheim4711');
  await page.evaluate(() => {
    console.error('failed', new TypeError('planted'), { name: 'Geheim4711' });
    console.log('%s and more', 'text', 12n, Symbol('s'), new Map([[1, new Set([2])]]), document.body, null, undefined);
    console.info('see https://page.example/a?token=secret#x');
    console.debug({ password: 'hidden', plain: 1 });
    setTimeout(() => {
      throw new Error('planted exception');
    });
    void Promise.reject(new RangeError('planted rejection'));
  });
  await page.evaluate(async () => {
    const xhr = new XMLHttpRequest();
    xhr.open('post', '/api?q=secret');
    xhr.setRequestHeader('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    xhr.send('{}');
    await fetch('/broken', { method: 'PUT', headers: { 'X-Request-Id': 'r-0', Authorization: 'secret' }, body: 'secret' }).then((answer) => answer.text());
    await fetch('/lost').catch(() => undefined);
    void fetch('/lost'); // nothing handles it
    await (await fetch('/slow')).text();
  });
  await expect.poll(async () => requestsOf(await events()).map(({ name }) => name), PATIENCE).toEqual(expect.arrayContaining([`${PAGE}/early`, `${PAGE}/api`, `${PAGE}/broken`, `${PAGE}/slow`]));
  const all = await events();

  const lines = consoleOf(all);
  expect(lines.map(({ level, payload }) => [level, ...payload])).toEqual([
    ['warn', '"early"', '{"at":1}'],
    ['error', '"failed"', expect.stringContaining('TypeError: planted'), '{"name":"**********"}'],
    ['log', '"%s and more"', '"text"', '"12n"', '"Symbol(s)"', '{"Map(1)":[[1,{"Set(1)":[2]}]]}', '"<body>"', 'null', '"undefined"'],
    ['info', '"see https://page.example/a"'],
    ['debug', '{"password":"******","plain":1}'],
  ]);
  expect(lines[0]!.trace[0]).toMatch(/^early \(https:\/\/page\.example\/page\.js:\d+:\d+\)$/);

  const errors = customOf(all, 'rrweb-store:error');
  expect(errors.map(({ kind, message }) => [kind, message])).toEqual([
    ['error', 'Uncaught Error: planted exception'],
    ['unhandledrejection', 'RangeError: planted rejection'],
    ['unhandledrejection', 'TypeError: Failed to fetch'],
  ]);
  expect(errors[0]).toMatchObject({ line: expect.any(Number), column: expect.any(Number), stack: expect.stringMatching(/:\d+:\d+/) });

  const requests = new Map(requestsOf(all).map((request) => [`${String(request['method'])} ${String(request['name'])}`, request]));
  expect(requests.get(`GET ${PAGE}/early`)).toMatchObject({ status: 200, initiatorType: 'fetch', contentType: 'application/json', transferSize: expect.any(Number) });
  expect(requests.get(`POST ${PAGE}/api`)).toMatchObject({ status: 200, initiatorType: 'xmlhttprequest', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
  expect(requests.get(`PUT ${PAGE}/broken`)).toMatchObject({ status: 500, requestHeaders: { 'x-request-id': 'r-0' }, responseHeaders: { 'x-request-id': 'r-1' } });
  expect(errors[2]!['stack']).not.toContain(TAG);
  expect(requests.get(`GET ${PAGE}/lost`)).toMatchObject({ status: 0, error: 'TypeError' });
  expect(requests.get(`GET ${PAGE}/slow`)!['duration']).toBeGreaterThan(3_000);
  expect(requests.get(`GET ${PAGE}/page.js`)).toMatchObject({ initiatorType: 'script', status: 200 });
  expect(requests.get(`GET ${PAGE}/`)).toMatchObject({ initiatorType: 'navigation' });
  expect(requestsOf(all).filter(({ name }) => !String(name).startsWith(PAGE))).toEqual([expect.objectContaining({ name: `${TAG}/page-copy.js` })]);
  expect(JSON.stringify(all)).not.toMatch(/secret|Geheim4711|hidden/);
  expect(await page.evaluate('unhandled')).toEqual(['RangeError', 'TypeError']);

  await page.locator('#p').click();
  await page.evaluate('rrwebRecorder.recording.stop()');
  await expect.poll(() => facts().at(-1), PATIENCE).toMatchObject({ errors: 4, failedRequests: 3, slowRequests: 1, lcpMs: expect.any(Number), clsThousandths: 0, connection: expect.any(String) });
  const vitals = customOf(await events(), 'rrweb-store:vital');
  expect(vitals.map(({ name }) => name)).toEqual(expect.arrayContaining(['FCP', 'TTFB', 'LCP', 'CLS']));
  expect(vitals.every(({ value, rating }) => typeof value === 'number' && /^(?:good|needs-improvement|poor)$/.test(String(rating)))).toBe(true);
  await context.close();
});

test('the page cannot tell, and gets everything back', async () => {
  const { context, page, events } = await visit('data-privacy="text" data-console="error, warn" data-network');
  const during = await page.evaluate<string>(WORLD);
  expect(during).toBe(await page.evaluate('before.world'));
  expect(await page.evaluate(`${MEMBERS}.every((now, n) => now !== before.members[n])`)).toBe(true);

  const answered = await page.evaluate(async () => {
    const cyclic: Record<string, unknown> = { text: 'Ann, ann@page.example, 0170 1234567' };
    cyclic['self'] = cyclic;
    const seen: string[] = [];
    const hostile = new Proxy({}, { ownKeys: () => (console.warn('from a trap'), seen.push('trap'), []), getPrototypeOf: () => { throw new Error('trap'); } }); // prettier-ignore
    console.warn(cyclic, hostile, { get lazy() { return seen.push('getter'); } }); // prettier-ignore
    console.warn(new Proxy({ a: 1 }, { ownKeys: () => (console.warn('from a trap'), ['a']) }));
    console.log('not asked for');
    const headers = new Map([['a', 'b']]).entries(); // can be read once
    const answer = await fetch('/api', { headers: headers as unknown as HeadersInit });
    const thrown = await fetch('http://[', {}).then(String, (error: Error) => error.stack!);
    const call = fetch;
    const abort = new AbortController();
    abort.abort();
    return [seen.includes('getter'), answer.ok, thrown.includes('page-copy'), (await call('/api')).ok, await fetch('/api', { signal: abort.signal }).catch((error: Error) => error.name), call('/api') instanceof Promise];
  });
  expect(answered).toEqual([false, true, false, true, 'AbortError', true]);
  await page.evaluate('for (let n = 0; n < 5000; n += 1) console.error("x".repeat(100), n)');
  const all = await events();
  const lines = consoleOf(all);
  expect(lines.slice(0, 2).map(({ payload }) => payload)).toEqual([['"early"', '{"at":1}'], ['{"text":"Ann, ****************, **** *******","self":"[circular]"}', '"[unreadable]"', '{"lazy":"[getter]"}']]);
  expect(lines.filter(({ payload }) => payload[0] === '"from a trap"')).toEqual([]);
  expect(lines.some(({ level }) => level === 'log')).toBe(false);
  expect(lines.length).toBeLessThanOrEqual(600);

  await page.evaluate(`window.covered = console.warn; console.warn = function (...given) { return covered.apply(this, given); }; window.cover = console.warn`);
  await page.evaluate('rrwebRecorder.recording.stop()');
  const dropped = customOf(await events(), 'rrweb-store:dropped');
  expect(dropped).toEqual([expect.objectContaining({ reason: 'console', events: expect.any(Number) })]);
  expect(lines.length + Number(dropped[0]!['events'])).toBeGreaterThanOrEqual(5_000);
  expect(await page.evaluate(`console.warn === cover`)).toBe(true);
  await page.evaluate(`console.warn('after the end')`);
  expect(await page.evaluate(`${MEMBERS}.map((now, n) => now === before.members[n])`)).toEqual([true, true, true, true, true, false, true, true, true]);
  await context.close();
});

test('a module loads its plugins as its bundler would', async () => {
  const { context, page, events } = await visit("privacy: 'inputs', console: ['error', 'warn'], network: { headers: ['x-request-id'] }", { isModule: true });
  await page.evaluate("fetch('/broken').then((answer) => answer.text())");
  await expect.poll(async () => requestsOf(await events()).find(({ name }) => name === `${PAGE}/broken`), PATIENCE).toMatchObject({ status: 500, responseHeaders: { 'x-request-id': 'r-1' } });

  expect(consoleOf(await events()).map(({ payload }) => payload)).toEqual([['"early"', '{"at":1}']]);
  await context.close();
});

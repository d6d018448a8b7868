/** Pages that have broken what the recorder needs before its script came: it throws nothing into them, and records what it can. */
import { expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { builtFile } from './built-files';
import { browser } from './chromium';

const WRITE_URL = 'https://write.example/w/wk_pagepagepagepagepagepage';

/** What the page does, and whether it is recorded all the same. */
const BROKEN: readonly (readonly [script: string, isRecorded: boolean])[] = [
  ['RegExp.prototype.exec = thrower', false],
  ['RegExp.prototype.test = thrower', false],
  ['RegExp.prototype[Symbol.replace] = RegExp.prototype[Symbol.match] = thrower', false],
  ['window.RegExp = thrower', true],
  ['window.WeakMap = window.Map = window.WeakSet = window.Set = undefined', true],
  ['delete window.Map', true],
  ['window.Set = {}', true],
  ['window.Map = thrower', true],
  ['window.Promise = undefined', true],
  ['window.Proxy = thrower', true],
  ['window.Reflect = {}', true],
  ['window.JSON = undefined', true],
  ['window.JSON = {}', true],
  ['window.Function = undefined', false],
  ['window.Array = {}', true],
  ['window.String = undefined', false],
  ['window.Number = window.Boolean = undefined', false],
  ['window.Date = undefined', false],
  ['window.Error = {}', false],
  ['window.URL = undefined', true],
  ['window.Uint8Array = undefined', true],
  ['window.Node = window.Element = window.Document = undefined', true],
  ['window.HTMLFormElement = window.HTMLScriptElement = undefined', true],
  ['window.AbortController = window.CSS = undefined', false],
  ['window.MutationObserver = {}', false],
  ['window.CSSStyleDeclaration = {}', true],
  ['window.setTimeout = window.clearTimeout = window.queueMicrotask = undefined', true],
  ["Object.defineProperty(window, 'visualViewport', { value: undefined })", false],
  ['Array.prototype[Symbol.iterator] = thrower', false],
  ['String.prototype.replace = String.prototype.split = thrower', true],
];

const page = (script: string): string => `<!doctype html><html><head><title>Page</title><script>
  const [later, P, send, make, append] = [requestAnimationFrame.bind(window), Promise, fetch.bind(window), document.createElement.bind(document), Node.prototype.appendChild];
  let said = '';
  const thrower = function () { throw new TypeError('of the page') };
  addEventListener('error', ({ message }) => { said += message + '; ' });
  addEventListener('unhandledrejection', ({ reason }) => { said += 'rejected: ' + reason + '; ' });
  const drawn = () => new P((soon) => later(() => later(soon)));
</script><script>${script}</script><script src="/page-copy.js" data-write-url="${WRITE_URL}" data-privacy="inputs"></script></head>
<body><h1>Heading</h1><script>
  (async () => {
    await drawn();
    const item = make('p'); item.textContent = 'added';
    append.call(document.body, item);
    await drawn();
    try { await rrwebRecorder.recording.flush() } catch {}
    await drawn();
    send('/done', { method: 'POST', body: said || 'nothing' });
  })()
</script></body></html>`;

test.for(BROKEN)('%s', async ([script, isRecorded]) => {
  const context = await browser.newContext();
  let sent = '';
  const done = new Promise<string | null>((resolve) => {
    void context.route('**/*', async (route) => {
      const request = route.request();
      const { pathname } = new URL(request.url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: page(script) });
      if (pathname === '/page-copy.js') return route.fulfill({ contentType: 'text/javascript', body: (await builtFile('page-copy.js'))! });
      if (/\/events\/\d+$/.test(pathname)) sent += textOf(request.postDataBuffer()!);
      await route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
      if (pathname === '/done') resolve(request.postData());
    });
  });
  await (await context.newPage()).goto('https://page.example/', { waitUntil: 'commit' });
  const said = await done;
  await context.close();

  expect({ said, isRecorded: sent.includes('"added"') }).toEqual({ said: 'nothing', isRecorded });
});

const textOf = (body: Buffer): string => (body[0] === 0x1f ? gunzipSync(body) : body).toString();

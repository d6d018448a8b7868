/** Records a page that is hostile to the recorder, and hears what exceptions it gets. It relies on nothing that the page may break later. */
import { gunzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { builtFile } from './built-files';

const WRITE_URL = 'https://write.example/w/wk_pagepagepagepagepagepage';

const page = (body: string, script: string): string => `<!doctype html><html><head><title>Page</title><script>
  const [later, P, send, make, append, body] = [requestAnimationFrame.bind(window), Promise, fetch.bind(window), document.createElement.bind(document),
    Node.prototype.appendChild, Object.getOwnPropertyDescriptor(Document.prototype, 'body').get];
  let said = '';
  const thrower = function () { throw new TypeError('of the page') };
  addEventListener('error', ({ message }) => { said += message + '; ' });
  addEventListener('unhandledrejection', ({ reason }) => { said += 'rejected: ' + reason + '; ' });
  const drawn = () => new P((soon) => later(() => later(soon)));
</script><script>${script}</script><script src="/page-copy.js" data-write-url="${WRITE_URL}" data-privacy="inputs"></script></head>
<body>${body}<script>
  (async () => {
    await drawn();
    const item = make('p'); item.textContent = 'added';
    append.call(body.call(document), item);
    await drawn();
    try { await rrwebRecorder.recording.flush() } catch {}
    await drawn();
    send('/done', { method: 'POST', body: said || 'nothing' });
  })()
</script></body></html>`;

/** @param script runs before the recorder's; `thrower` is a function that throws */
export async function recordGuest(browser: Browser, body: string, script = ''): Promise<{ said: string | null; events: { type: number; data: object }[] }> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  let sent = '';
  const done = new Promise<string | null>((resolve) => {
    void context.route('**/*', async (route) => {
      const request = route.request();
      const { pathname } = new URL(request.url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: page(body, script) });
      if (pathname === '/page-copy.js') return route.fulfill({ contentType: 'text/javascript', body: (await builtFile('page-copy.js'))! });
      if (/\/events\/\d+$/.test(pathname)) sent += textOf(request.postDataBuffer()!);
      await route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
      if (pathname === '/done') resolve(request.postData());
    });
  });
  await (await context.newPage()).goto('https://page.example/', { waitUntil: 'commit' });
  const said = await done;
  await context.close();
  return { said, events: sent.split('\n').filter(Boolean).map((line) => JSON.parse(line) as { type: number; data: object }) };
}

const textOf = (body: Buffer): string => (body[0] === 0x1f ? gunzipSync(body) : body).toString();

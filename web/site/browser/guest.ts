/** Records a page that is hostile to the recorder, and hears what exceptions it gets. It relies on nothing that the page may break later. */
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { linesOf } from '../../recorded-session/batches.mjs';
import { borrowContext } from '../../recorded-session/borrowed-contexts.mjs';
import { builtFile } from './built-files';
import { TAG, WRITE_URL } from './tagged-page';

const MODULE = new URL('../../recorder/dist/recorder.mjs', import.meta.url);

/** How the recorder comes into the page. */
const STARTS = {
  tag: TAG,
  module: `<script type="module">
    import { startRecording } from '/recorder.mjs';
    window.rrwebRecorder = {};
    rrwebRecorder.recording = startRecording({ writeUrl: '${WRITE_URL}', privacy: 'inputs', onError: (error) => { rrwebRecorder.lastError = error } });
  </script>`,
};

interface Guest {
  /** Runs before the recorder's own; `thrower` is a function that throws. */
  readonly script?: string;
  /** Runs while the page is recorded. */
  readonly act?: string;
  readonly by?: keyof typeof STARTS;
}

const page = (body: string, { script = '', act = '', by = 'tag' }: Guest): string => `<!doctype html><html><head><title>Page</title><script>
  const [later, P, send, make, append, body] = [requestAnimationFrame.bind(window), Promise, fetch.bind(window), document.createElement.bind(document),
    Node.prototype.appendChild, Object.getOwnPropertyDescriptor(Document.prototype, 'body').get];
  let said = '';
  const thrower = function () { throw new TypeError('of the page') };
  addEventListener('error', ({ message }) => { said += message + '; ' });
  addEventListener('unhandledrejection', ({ reason }) => { said += 'rejected: ' + reason + '; ' });
  const drawn = () => new P((soon) => later(() => later(soon)));
</script><script>${script}</script>${STARTS[by]}</head>
<body>${body}<script>
  (async () => {
    ${by === 'module' ? 'while (!window.rrwebRecorder?.recording) ' : ''}await drawn();
    await drawn();
    ${act}
    const item = make('p'); item.textContent = 'added';
    append.call(body.call(document), item);
    await drawn();
    let toldError;
    try {
      await rrwebRecorder.recording.flush();
      await rrwebRecorder.recording.stop();
      toldError = rrwebRecorder.lastError;
    } catch {}
    await drawn();
    send('/done', { method: 'POST', body: (said || 'nothing') + '|' + (toldError ? toldError.message : 'nothing') });
  })()
</script></body></html>`;

/** What the page was thrown, the newest error that the recorder has told, and what was recorded until it was stopped. */
export async function recordGuest(browser: Browser, body: string, guest: Guest = {}): Promise<{ said: string; told: string; events: { type: number; data: object }[] }> {
  const { context, giveBack } = await borrowContext(browser, { viewport: { width: 800, height: 600 } });
  const batches = new Map<string, Buffer>();
  const done = new Promise<string>((resolve) => {
    void context.route('**/*', async (route) => {
      const request = route.request();
      const { pathname } = new URL(request.url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: page(body, guest) });
      if (pathname === '/page-copy.js') return route.fulfill({ contentType: 'text/javascript', body: (await builtFile('page-copy.js'))! });
      if (pathname === '/recorder.mjs') return route.fulfill({ contentType: 'text/javascript', body: await readFile(MODULE) });
      if (/\/events\/\d+$/.test(pathname)) batches.set(pathname, request.postDataBuffer()!);
      await route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
      if (pathname === '/done') resolve(request.postData()!);
    });
  });
  await (await context.newPage()).goto('https://page.example/', { waitUntil: 'commit' });
  const [said, told] = (await done).split('|') as [string, string];
  await giveBack();
  return { said, told, events: linesOf(batches).map((line) => JSON.parse(line) as { type: number; data: object }) };
}

/** Hosts and pages that would harm the recorder or a watcher through pictures and the like. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { colourOf, pageOf, png, recorded, replayed, resourcesOf, sha256Of, shutHosts } from './shut-host';

const RED = [200, 0, 0] as const;
const GREEN = [0, 160, 0] as const;
const RED_HEAD = png(RED).body;

const shut = shutHosts();

/** A picture for the first request, and something else for the recorder's, which finds nothing in a cache. */
function later(then: (request: IncomingMessage, answer: ServerResponse) => void): (request: IncomingMessage, answer: ServerResponse) => void {
  let asked = 0;
  return (request, answer) => {
    answer.setHeader('Cache-Control', 'no-store');
    if ((asked += 1) > 1) return then(request, answer);
    answer.setHeader('Content-Type', 'image/png');
    answer.end(RED_HEAD);
    return undefined;
  };
}

test('what never ends, is too large, leads elsewhere or is no picture is named, and the rest is stored', async () => {
  const elsewhere = await shut.host({ '/there.png': png(GREEN) });
  let written = 0;
  const host = await shut.host({
    '/': pageOf(shut.store, ['endless', 'large', 'huge', 'moved', 'html', 'gone', 'good'].map((name) => `<img src="/${name}.png">`).join(''), { options: { resources: { maxMs: 1_000, maxBytes: 100_000 } } }),
    '/endless.png': later((_, answer) => void answer.writeHead(200, { 'Content-Type': 'image/png' }).write(RED_HEAD)),
    '/large.png': later((_, answer) => {
      const chunk = Buffer.alloc(50_000);
      const more = () => {
        while (written < 50_000_000 && !answer.destroyed) {
          written += chunk.length;
          if (!answer.write(chunk)) return void answer.once('drain', more);
        }
        answer.end();
      };
      more();
    }),
    '/huge.png': later((_, answer) => void answer.writeHead(200, { 'Content-Length': 50_000_000 }).write(RED_HEAD)),
    '/moved.png': later((_, answer) => void answer.writeHead(302, { Location: `${elsewhere.url}/there.png` }).end()),
    '/html.png': later((_, answer) => void answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<script>alert(1)</script>')),
    '/gone.png': later((_, answer) => void answer.writeHead(404).end()),
    '/good.png': png(GREEN),
  });
  const lines = await recorded(host.url, shut.store, 7);
  const { stored, missing } = resourcesOf(lines);
  const reasons = Object.fromEntries(Object.entries(missing).map(([address, { reason }]) => [new URL(address).pathname, reason]));

  expect(reasons).toEqual({ '/endless.png': 'failed', '/large.png': 'size', '/huge.png': 'size', '/moved.png': 'failed', '/html.png': 'failed', '/gone.png': 'failed' });
  expect(stored).toEqual({ [`${host.url}/good.png`]: [sha256Of(png(GREEN).body), 'image/png'] });
  expect(written).toBeLessThan(50_000_000);
});

test('an address of 100 kB stays in its event alone', async () => {
  const long = `/red.png?${'x'.repeat(100_000)}`;
  const host = await shut.host({ '/': pageOf(shut.store, `<img src="/green.png"><img id="long">`), '/red.png': png(RED), '/green.png': png(GREEN) });
  const lines = await recorded(host.url, shut.store, 1, (page) => page.evaluate((src) => ((document.getElementById('long') as HTMLImageElement).src = src), long));

  expect(Object.keys(resourcesOf(lines).stored)).toEqual([`${host.url}/green.png`]);
});

test('an address whose bytes change keeps those that it had first', async () => {
  let asked = 0;
  const host = await shut.host({
    '/': pageOf(shut.store, '<img id="a" src="/a.png" width="40"><a id="next" href="/next">next</a>'),
    '/next': pageOf(shut.store, '<img id="a" src="/a.png" width="40"><img src="/b.png">'),
    '/a.png': (_, answer) => void answer.writeHead(200, { 'Content-Type': 'image/png', 'Cache-Control': 'no-store' }).end(png((asked += 1) > 2 ? GREEN : RED).body),
    '/b.png': png(GREEN),
  });
  const lines = await recorded(host.url, shut.store, 1, undefined, async (page) => {
    await page.click('#next');
    await expect.poll(() => Object.keys(resourcesOf(shut.store.lines()).stored).length, { timeout: 40_000 }).toBe(2);
  });
  shut.visit = await replayed(lines, shut.store.assets, '?t=600');

  await expect.poll(() => colourOf(shut.visit!.page, '#a')).toBe(RED.join());
});

test('pictures of a service worker are shown as the visitor saw them', async () => {
  const host = await shut.host({
    '/': pageOf(shut.store, '<div id="box"></div>'),
    '/worker.js': { type: 'text/javascript', body: `self.addEventListener('activate', (event) => event.waitUntil(clients.claim())); self.addEventListener('fetch', (event) => { if (event.request.url.endsWith('/a.png')) event.respondWith(fetch('/green.png')); });` },
    '/a.png': png(RED),
    '/green.png': png(GREEN),
  });
  const lines = await recorded(host.url, shut.store, 1, (page) =>
    page.evaluate(async () => {
      await navigator.serviceWorker.register('/worker.js');
      await new Promise((resolve) => (navigator.serviceWorker.controller ? resolve(0) : navigator.serviceWorker.addEventListener('controllerchange', resolve)));
      document.getElementById('box')!.innerHTML = '<img id="a" src="/a.png" width="40">';
    }),
  );
  shut.visit = await replayed(lines, shut.store.assets);

  await expect.poll(() => colourOf(shut.visit!.page, '#a')).toBe(GREEN.join());
});

test('a recording that names other bytes, other types and scripts in drawings harms no watcher', async () => {
  const evil = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="40" height="40" onload="top.hit=1"><symbol id="s"><rect width="40" height="40" onclick="top.hit=1"/><a x:href="javascript:top.hit=1"><rect width="9" height="9"/></a></symbol><script>top.hit=1</script><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:top.hit=1"></iframe></foreignObject></svg>';
  const host = await shut.host({ '/': pageOf(shut.store, '<img id="a" src="/a.png" width="40"><img id="b" src="/b.png" width="40"><svg id="c" width="40" height="40"><use href="/c.svg#s"></use></svg><img id="d" src="/d.png">'), '/a.png': png(RED) });
  await recorded(host.url, shut.store, 2);
  const payload = {
    stored: {
      [`${host.url}/a.png`]: [sha256Of('other'), 'image/png'],
      [`${host.url}/b.png`]: [sha256Of(evil), 'text/html'],
      [`${host.url}/c.svg`]: [sha256Of(evil), 'image/svg+xml'],
      [`${host.url}/d.png`]: ['../../etc/passwd', 'image/png'],
      __proto__: 1,
    },
    missing: 'none',
  };
  const own = shut.store.lines().filter((line) => !line.includes('rrweb-store:resources'));
  const { timestamp } = JSON.parse(own.at(-1)!) as { timestamp: number };
  const said = (data: object, n: number) => JSON.stringify({ type: 5, data: { tag: 'rrweb-store:resources', ...data }, timestamp: timestamp + n });
  const lines = [...own, said({}, 1), said({ payload: null }, 2), said({ payload: { stored: [1] } }, 3), said({ payload }, 4)];
  const assets = new Map([[sha256Of('other'), RED_HEAD], [sha256Of(evil), Buffer.from(evil)]]);
  shut.visit = await replayed(lines, assets, '?t=600', 'const make = URL.createObjectURL; window.made = []; URL.createObjectURL = (blob) => { made.push(blob); return make.call(URL, blob); };');
  const frame = shut.visit.page.frameLocator('.player iframe');
  await expect.poll(() => frame.locator('use').getAttribute('href')).toMatch(/^blob:/);
  const used = await shut.visit.page.evaluate<string>('Promise.all(made.map((blob) => blob.text())).then((texts) => texts.join())');

  expect(await frame.locator('#a').getAttribute('src')).toMatch(/^data:image\/svg\+xml,[\w%.]*$/); // a box of the size that it had
  expect(await frame.locator('#b').getAttribute('src')).toBe(`${host.url}/b.png`);
  expect(await frame.locator('#d').getAttribute('src')).toBe(`${host.url}/d.png`);
  expect(await shut.visit.page.evaluate('window.hit')).toBeUndefined();
  expect(used).toContain('<symbol id="s"><rect');
  expect(used).not.toMatch(/script|onload|onclick|foreignObject|iframe/);
  expect(shut.visit.asked.some((path) => path.includes('passwd'))).toBe(false);
});

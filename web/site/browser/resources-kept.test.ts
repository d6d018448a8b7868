/** What the recorder stores of a page's pictures, fonts and style sheets, and what it leaves alone. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { colourOf, pageOf, png, recorded, replayed, resourcesOf, sha256Of, shutHosts } from './shut-host';

const RED = [200, 0, 0] as const;
const GREEN = [0, 160, 0] as const;
const FONT = { type: 'font/woff2', body: readFileSync(fileURLToPath(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))) };
const FONT_IN_USE = '<style>@font-face { font-family: F; src: url(/f.woff2) } p { font-family: F }</style><p>text</p>';
const drawing = (inner: string) => ({ type: 'image/svg+xml', body: `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">${inner}</svg>` });

const shut = shutHosts();

test('pictures whose addresses are shown without their queries are told apart', async () => {
  const picture = ({ url }: { url?: string }, answer: { setHeader: (name: string, value: string) => void; end: (body: Buffer) => void }) => {
    answer.setHeader('Content-Type', 'image/png');
    answer.end(png(url!.endsWith('red') ? RED : GREEN).body);
  };
  const host = await shut.host({
    '/': pageOf(shut.store, '<img id="a" src="/p.php?secret-red" width="40"><img id="b" src="/p.php?secret-green" width="40">', { options: { privacy: 'text' } }),
    '/p.php': picture,
  });
  const lines = await recorded(host.url, shut.store, 2);
  shut.visit = await replayed(lines, shut.store.assets);

  await expect.poll(() => colourOf(shut.visit!.page, '#a')).toBe(RED.join());
  await expect.poll(() => colourOf(shut.visit!.page, '#b')).toBe(GREEN.join());
  expect(lines.join()).not.toContain('secret');
  expect(shut.store.asked.join()).not.toContain('secret');
});

test('the texts of a drawing are asterisks where texts are masked', async () => {
  const host = await shut.host({
    '/': pageOf(shut.store, '<img src="/a.svg">', { options: { privacy: 'text' } }),
    '/a.svg': drawing('<text y="20">Ann</text>'),
  });
  await recorded(host.url, shut.store, 1);

  expect([...shut.store.assets.values()].map(String)).toEqual([drawing('<text y="20">***</text>').body]);
});

test('at the level private no picture leaves, but fonts do', async () => {
  const host = await shut.host({
    '/': pageOf(shut.store, `${FONT_IN_USE}<img src="/red.png"><div style="background:url(/red.png)">x</div>`, { options: { privacy: 'private' } }),
    '/f.woff2': FONT,
    '/red.png': png(RED),
  });
  const lines = await recorded(host.url, shut.store, 1);

  expect([...shut.store.assets.keys()]).toEqual([sha256Of(FONT.body)]);
  expect(lines.join()).not.toContain('red.png');
});

test('nothing of a blocked element is stored, and of another origin only what it lets the page read', async () => {
  const other = await shut.host({ '/closed.png': png(RED), '/also.png': png(GREEN), '/open.png': { ...png([1, 2, 3]), headers: { 'Access-Control-Allow-Origin': '*' } } });
  const host = await shut.host({
    '/': pageOf(shut.store, `<div data-privacy="block"><img src="/blocked.png"></div><img src="${other.url}/open.png"><img src="${other.url}/closed.png"><img src="${other.url}/also.png"><img src="/red.png">`),
    '/blocked.png': png([9, 9, 9]),
    '/red.png': png(RED),
  });
  const lines = await recorded(host.url, shut.store, 4);

  expect(Object.keys(resourcesOf(lines).stored).sort()).toEqual([`${host.url}/red.png`, `${other.url}/open.png`].sort());
  expect(resourcesOf(lines).missing).toEqual({
    [`${other.url}/closed.png`]: { reason: 'cors', kind: 'image' },
    [`${other.url}/also.png`]: { reason: 'cors', kind: 'image' },
  });
  expect([...shut.store.assets.keys()].sort()).toEqual([sha256Of(png([1, 2, 3]).body), sha256Of(png(RED).body)].sort());
});

test('what a browser has in its cache is not asked for again, and the next page of the tab stores nothing again', async () => {
  const files = { '/red.png': png(RED), '/': pageOf(shut.store, '<img src="/red.png"><a id="next" href="/next">next</a>'), '/next': pageOf(shut.store, '<img src="/red.png"><img src="/green.png">'), '/green.png': png(GREEN) };
  const host = await shut.host(files);
  const lines = await recorded(host.url, shut.store, 1, undefined, async (page) => {
    await page.click('#next');
    await expect.poll(() => Object.keys(resourcesOf(shut.store.lines()).stored).length, { timeout: 40_000 }).toBe(2);
  });

  expect(host.asked.filter((one) => one.endsWith('.png'))).toEqual(['GET /red.png', 'GET /green.png']);
  expect(shut.store.asked.filter((one) => one.includes('assets')).map((one) => one.slice(0, 4))).toEqual(['HEAD', 'POST', 'HEAD', 'POST']);
  expect(lines.join('').split('rrweb-store:resources')).toHaveLength(3);
});

test('the next visitor of a page asks once whether all of it is stored', async () => {
  const colours = [1, 2, 3, 4, 5].map((n) => [n, n, n] as const);
  const host = await shut.host({
    '/': pageOf(shut.store, colours.map((_, n) => `<img src="/${n}.png">`).join('')),
    ...Object.fromEntries(colours.map((colour, n) => [`/${n}.png`, png(colour)])),
  });
  const ask = (): string[] => shut.store.asked.splice(0).filter((one) => one.includes('assets')).map((one) => one.slice(0, 4));
  await recorded(host.url, shut.store, 5, undefined, () => expect.poll(() => shut.store.assets.size, { timeout: 40_000 }).toBe(6));
  const first = ask();
  const lines = await recorded(host.url, shut.store, 5, undefined, () => expect.poll(() => shut.store.asked.join(), { timeout: 40_000 }).toContain('assets'));
  const second = ask();

  expect(first).toEqual(['HEAD', ...colours.flatMap(() => ['HEAD', 'POST']), 'HEAD', 'POST']);
  expect(second).toEqual(['HEAD']);
  expect(Object.keys(resourcesOf(lines).stored)).toHaveLength(5);
});

test('the page sees none of it: neither its own fetch nor its console', async () => {
  const host = await shut.host({
    '/': pageOf(shut.store, '<img src="/red.png">', { head: '<script>window.seen = []; const own = fetch; window.fetch = (...given) => { seen.push(String(given[0])); return own(...given); };</script>' }),
    '/red.png': png(RED),
  });
  const told: string[] = [];
  await recorded(host.url, shut.store, 1, async (page) => void page.on('console', (message) => message.location().url.startsWith(shut.store.url) || told.push(message.text())), async (page) => {
    expect(await page.evaluate('seen')).toEqual([]);
  });

  expect(told).toEqual([]);
});

test('where the policy of the page forbids it, the recorder gives up after three files, for the next page too', async () => {
  const names = ['1', '2', '3', '4', '5', '6'].map((n) => `/${n}.png`);
  const body = names.map((name) => `<img src="${name}">`).join('');
  const policy = { 'Content-Security-Policy': `connect-src ${new URL(shut.store.url).origin}`, 'Cache-Control': 'no-cache' };
  const page = (rest: string) => ({ ...(pageOf(shut.store, body + rest) as { type: string; body: string }), headers: policy });
  const host = await shut.host({ '/': page('<a id="next" href="/next">next</a>'), '/next': page('<img src="/7.png">'), ...Object.fromEntries([...names, '/7.png'].map((name, n) => [name, png([n, 0, 0])])) });
  const refused: string[] = [];
  const lines = await recorded(host.url, shut.store, 6, async (tab) => void tab.on('console', (message) => refused.push(message.text())), async (tab) => {
    await tab.click('#next');
    await expect.poll(() => Object.keys(resourcesOf(shut.store.lines()).missing).length, { timeout: 40_000 }).toBe(7);
  });

  expect(refused.filter((one) => one.includes('connect-src')).length).toBeLessThanOrEqual(4); // two are read at a time
  expect(Object.values(resourcesOf(lines).missing)).toEqual(Array.from({ length: 7 }, () => ({ reason: 'failed', kind: 'image' })));
});

test('with a budget, what is over it is named', async () => {
  const noise = (seed: number) => ({ type: 'image/png', body: Buffer.concat([png(RED).body, Buffer.alloc(3_000, seed)]) });
  const host = await shut.host({
    '/': pageOf(shut.store, '<img src="/1.png"><img src="/2.png"><img src="/3.png"><img src="/4.png">', { options: { resources: { maxBytes: 5_000, maxCount: 3 } } }),
    '/1.png': noise(1),
    '/2.png': noise(2),
    '/3.png': noise(3),
    '/4.png': noise(4),
  });
  const lines = await recorded(host.url, shut.store, 4, undefined, async () => {
    await expect.poll(() => Object.keys(resourcesOf(shut.store.lines()).missing).length, { timeout: 40_000 }).toBe(3);
  });

  expect(shut.store.assets.size).toBe(1);
  expect(Object.values(resourcesOf(lines).missing)).toEqual(Array.from({ length: 3 }, () => ({ reason: 'budget', kind: 'image' })));
});

test('without resources nothing is read or stored', async () => {
  const host = await shut.host({ '/': pageOf(shut.store, '<img src="/red.png">', { options: { resources: false, inlineImages: true } }), '/red.png': png(RED) });
  const lines = await recorded(host.url, shut.store, 0, (page) => page.waitForLoadState('networkidle'));

  expect(shut.store.assets.size).toBe(0);
  expect(lines.join()).toContain(`${host.url}/red.png`);
});

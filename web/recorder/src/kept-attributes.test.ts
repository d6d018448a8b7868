import { afterEach, expect, it, vi } from 'vitest';
import { keepAttributes } from './kept-attributes';
import { isRecorded } from './look-address';
import type { Treatment } from './place';

const SVG = 'http://www.w3.org/2000/svg';

afterEach(() => vi.unstubAllGlobals());

it('leaves the value of an own element no name of SVG to pass by', () => {
  const attributes = { values: 'Ann, Bo', d: 'Ann', size: 'lg', width: '100%', color: '#Af0', start: 'Ann' };

  expect(kept('text', 'x-own', attributes)).toEqual({ values: '**** **', d: '***', size: 'lg', width: '100%', color: '#Af0', start: '***' });
  expect(kept('private', 'x-own', attributes)).toEqual({ size: 'lg', width: '100%', color: '#Af0' });
  expect(kept('text', 'animate', { values: '0;1;0', dur: '2s' }, undefined, SVG)).toEqual({ values: '0;1;0', dur: '2s' });
});

it('takes the query from a relative address, and a credential from whatever holds one', () => {
  expect(kept('inputs', 'p', { 'data-a': './a?page=2', 'data-b': '?page=2', 'data-c': 'Really? = yes', 'data-d': '{"csrfToken": "a b", "n": 1}', 'data-e': 'x=1;sid=2' })).toEqual({
    'data-a': './a', 'data-b': '', 'data-c': 'Really? = yes', 'data-d': '{"csrfToken": "* *", "n": 1}', 'data-e': 'x=1;sid=*',
  }); // prettier-ignore
});

it('keeps the place of the same page, and no route with parameters', () => {
  expect(['#top', '#/users/ann', '#access_token=t', '#a?b'].map((href) => kept('inputs', 'a', { href })['href'])).toEqual(['#top', '#', '#access_token', '#a']);
  expect(kept('inputs', 'use', { href: '#icons/star' }, undefined, SVG)).toEqual({ href: '#icons/star' });
});

class FakeElement {
  readonly baseURI = 'https://shop.example/cart?token=t';
  constructor(
    private readonly written: Record<string, unknown>,
    readonly namespaceURI: string,
  ) {}
  getAttribute(name: string): unknown {
    return this.written[name] ?? null;
  }
}

/** What is kept of the attributes, which rrweb has made absolute, of an element whose attributes are as the page wrote them. */
function kept(treatment: Exclude<Treatment, 'block'>, tag: string, attributes: Record<string, unknown>, written = attributes, namespaceURI = '') {
  vi.stubGlobal('Element', FakeElement);
  vi.stubGlobal('CSS', { supports: (name: string, value: string) => `${name}:${value}` === 'stroke-linecap:round' || `${name}:${value}` === 'font-size:12px' });
  const given = { ...attributes };
  const element = new FakeElement(written, namespaceURI) as unknown as Element;
  keepAttributes(tag, given, element, treatment, { masksValues: (one) => one !== 'open' }, {});
  return given;
}

it.each(['open', 'inputs', 'text', 'private'] as const)('removes the document of a frame and the addresses of ping: %s', (treatment) => {
  expect(kept(treatment, 'iframe', { srcdoc: '<p>', id: 'f' })).toEqual(treatment === 'private' ? { id: 'f' } : { id: 'f', 'data-store-own-srcdoc': '' });
  expect(kept(treatment, 'a', { ping: '/ping?a', id: 'a' })).toEqual({ id: 'a' });
});

it('keeps a name that starts like that of a handler, and says nothing more', () => {
  for (const treatment of ['open', 'inputs', 'text'] as const) expect(kept(treatment, 'x-card', { on: '', online: '', once: null })).toEqual({ on: '', online: '', once: null });
});

it('notes the addresses of what may load something, and not those of links', () => {
  kept('inputs', 'iframe', { src: 'https://shop.example/help' });
  kept('inputs', 'a', { href: 'https://shop.example/orders' });

  expect([isRecorded('https://shop.example/help'), isRecorded('https://shop.example/orders')]).toEqual([true, false]);
});

it('masks the value of a custom element, unless it is open', () => {
  expect(kept('inputs', 'my-input', { value: 'typed', label: 'Name' })).toEqual({ value: '*****', label: 'Name' });
  expect(kept('open', 'my-input', { value: 'typed' })).toEqual({ value: 'typed' });
});

it.each(['li', 'progress', 'meter'])('keeps the value of %s, which is a number', (tag) => {
  expect(kept('text', tag, { value: '7' })).toEqual({ value: '7' });
});

const READ = { title: 'ann', placeholder: 'ann', 'aria-label': 'ann', 'data-name': 'Ann B.', 'data-state': 'open', class: 'Ann', onclick: 'go()' };

it('masks what a person could read at level text, and keeps keywords', () => {
  expect(kept('text', 'div', READ)).toEqual({
    title: '***',
    placeholder: '***',
    'aria-label': '***',
    'data-name': '*** **',
    'data-state': 'open',
    class: 'Ann',
    onclick: '',
  });
});

it('removes it at level private, except what a field shows', () => {
  expect(kept('private', 'input', { ...READ, 'aria-checked': 'mixed', type: 'button', value: 'Ann' })).toEqual({
    placeholder: '***',
    class: 'Ann',
    'aria-checked': 'mixed',
    type: 'button',
    value: '***',
  });
});

it('keeps at level private what is on or off', () => {
  const states = { hidden: 'until-found', disabled: '', checked: 'checked', open: 'true', popover: 'manual', 'aria-pressed': 'false' };

  expect(kept('private', 'div', { ...states, 'data-on': 'true', user: 'ann' })).toEqual(states);
});

it('leaves a typed value as rrweb gives it, which asks the page how to mask it', () => {
  expect(kept('text', 'input', { value: 'xx', type: 'email' })).toEqual({ value: 'xx', type: 'email' });
  expect(kept('text', 'input', { value: 'ann', type: 'radio' })).toEqual({ value: '***', type: 'radio' });
});

it('keeps what draws a figure', () => {
  const drawn = { d: 'M0 0L10.5 10z', 'stroke-linecap': 'round', 'font-size': '12', viewBox: '0 0 24 24' };
  const path = { ...drawn, 'stroke-name': 'Ann' };

  expect(kept('private', 'path', path, path, SVG)).toEqual(drawn);
  expect(kept('text', 'path', path, path, SVG)).toEqual({ ...drawn, 'stroke-name': '***' });
});

const LINKS: [string, Record<string, string>][] = [
  ['a', { href: 'https://shop.example/a?b#c' }],
  ['form', { action: '/a?b' }],
  ['button', { formaction: 'a?b' }],
  ['iframe', { src: 'https://shop.example/a?b' }],
  ['iframe', { rr_src: 'https://shop.example/a?b' }],
  ['blockquote', { cite: '/a?b' }],
  ['link', { href: 'https://shop.example/a?b', rel: 'canonical' }],
  ['script', { src: 'https://shop.example/a?b' }],
];

it.each(LINKS)('leaves out the query of %s %o', (tag, attributes) => {
  const [name] = Object.keys(attributes);

  for (const treatment of ['open', 'inputs', 'text'] as const) {
    expect(kept(treatment, tag, attributes)).toEqual({ ...attributes, [name!]: 'https://shop.example/a' });
  }
});

it.each([
  ['img', { src: 'https://cdn.example/a?b', srcset: 'https://cdn.example/a?b 2x' }],
  ['video', { poster: 'https://cdn.example/a?b' }],
  ['link', { href: 'https://cdn.example/a?b', rel: 'stylesheet' }],
  ['link', { href: 'https://cdn.example/a?b', rel: 'shortcut icon' }],
  ['image', { 'xlink:href': 'https://cdn.example/a?b' }],
])('keeps the address of %s, which the look needs, and its query where texts are shown', (tag, attributes) => {
  const plain = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value.replace('?b', '')]));

  for (const treatment of ['open', 'inputs'] as const) expect(kept(treatment, tag, attributes)).toEqual(attributes);
  expect(kept('text', tag, attributes)).toEqual(plain);
});

it('keeps only addresses of style sheets at level private, without query, and that a link is one', () => {
  const all = { href: 'https://x.example/', src: 'https://x.example/a', srcset: 'https://x.example/a', poster: 'p', rr_dataURL: 'data:' };

  expect(kept('private', 'img', all)).toEqual({});
  expect(kept('private', 'a', { href: 'https://x.example/ann' })).toEqual({ href: '#' });
  expect(kept('private', 'link', { href: 'https://x.example/a.css?b', rel: 'stylesheet' })).toEqual({
    href: 'https://x.example/a.css',
    rel: 'stylesheet',
  });
});

it.each([
  ['/a/b?c', '/a/b'],
  ['b', 'b'],
  ['../b', 'https://shop.example/b'],
  ['https://other.example/b#c', 'https://other.example/b'],
  ['?c=d', 'https://shop.example/'],
])('keeps a link to %s as it is written, where that says no more', (href, shown) => {
  for (const treatment of ['open', 'inputs', 'text'] as const) expect(kept(treatment, 'a', { href: new URL(href, 'https://shop.example/').href }, { href })).toEqual({ href: shown });
});

it('stores no address that an animation gives', () => {
  const animated = { attributeName: 'xlink:href', values: '#a;/b?name=ann', to: 'c?name=ann' };

  for (const treatment of ['open', 'inputs', 'text'] as const) expect(kept(treatment, 'animate', animated, animated, SVG)).toEqual({ attributeName: 'xlink:href' });
  expect(kept('text', 'animate', { attributeName: 'filter', values: 'none;url(/a?name=ann)' }, {}, SVG)).toEqual({ attributeName: 'filter' });
  expect(kept('text', 'animate', { attributeName: 'opacity', values: '0;1' }, {}, SVG)).toEqual({ attributeName: 'opacity', values: '0;1' });
});

it('stores no script of an attribute', () => {
  for (const treatment of ['open', 'inputs', 'text'] as const) expect(kept(treatment, 'p', { onclick: 'go()', id: 'a' })).toEqual({ onclick: '', id: 'a' });
  expect(kept('private', 'p', { onclick: 'go()', id: 'a' })).toEqual({ id: 'a' });
});

it('masks what is named a credential, and leaves the query out of addresses that only scripts read', () => {
  expect(kept('inputs', 'p', { 'data-csrf-token': 'a1', 'data-next': '/a?b=c', 'data-at': 'https://a.example/b#c', title: 'why? /a?b' })).toEqual({
    'data-csrf-token': '**',
    'data-next': '/a',
    'data-at': 'https://a.example/b',
    title: 'why? /a?b',
  });
  expect(kept('inputs', 'meta', { name: 'csrf-token', content: 'a1' })).toEqual({ name: 'csrf-token', content: '**' });
});

it('says not what is chosen in a list', () => {
  expect(kept('inputs', 'option', { selected: '', value: 'a' })).toEqual({ value: 'a' });
  expect(kept('open', 'option', { selected: '', value: 'a' })).toEqual({ selected: '', value: 'a' });
});

it('stores no name of a frame where texts are hidden, and no data attribute at level private, even if it is empty', () => {
  expect(kept('inputs', 'iframe', { name: '{"ann": 1}' })).toEqual({ name: '{"ann": 1}' });
  expect(kept('text', 'iframe', { name: '{"ann": 1}', 'data-ann': '' })).toEqual({ 'data-ann': '' });
  expect(kept('private', 'p', { 'data-ann': '', hidden: '' })).toEqual({ hidden: '' });
});

it('keeps at level private no number that a person could read', () => {
  expect(kept('private', 'meter', { value: '4711', max: '9000' })).toEqual({ value: '****' });
  expect(kept('private', 'li', { value: '7' })).toEqual({ value: '7' });
});

it('keeps a fragment as the page wrote it, and an empty address', () => {
  const absolute = { href: 'https://shop.example/cart?token=t#top' };

  expect(kept('inputs', 'a', absolute, { href: '#top' })).toEqual({ href: '#top' });
  expect(kept('private', 'use', absolute, { href: '#top' })).toEqual({ href: '#top' });
  expect(kept('inputs', 'form', { action: '' })).toEqual({ action: '' });
});

it('hides a number that can be dialled where its text is hidden', () => {
  expect(kept('inputs', 'a', { href: 'tel:+4711' })).toEqual({ href: 'tel:+4711' });
  expect(kept('text', 'a', { href: 'tel:+4711' })).toEqual({ href: 'tel:' });
});

it('keeps the settings of the page in its meta elements, and hides other content', () => {
  expect(kept('private', 'meta', { name: 'viewport', content: 'width=320' })).toEqual({ name: 'viewport', content: 'width=320' });
  expect(kept('text', 'meta', { name: 'author', content: 'ann' })).toEqual({ name: 'author', content: '***' });
  expect(kept('private', 'meta', { name: 'author', content: 'ann' })).toEqual({ name: 'author' });
  expect(kept('inputs', 'meta', { property: 'og:url', content: 'https://a.example/b?c' })).toEqual({
    property: 'og:url',
    content: 'https://a.example/b',
  });
  expect(kept('inputs', 'meta', { 'http-equiv': 'refresh', content: '5; url=/a?b' })).toEqual({ 'http-equiv': 'refresh', content: '5' });
});

it('masks inline styles, whole or as a difference', () => {
  const style = { '--name': '"Ann"', color: 'red', width: false, background: ['url(a.png)', 'important'] };

  expect(kept('text', 'p', { style: '--name: "Ann"; background: url(a.png)' })).toEqual({ style: '--name: "***"; background: url(a.png)' });
  expect(kept('private', 'p', { style })).toEqual({
    style: { '--name': '"***"', color: 'red', width: false, background: ['url()', 'important'] },
  });
});

it('leaves removed attributes and numbers', () => {
  expect(kept('text', 'div', { title: null, rr_scrollTop: 7, checked: true })).toEqual({ title: null, rr_scrollTop: 7, checked: true });
});

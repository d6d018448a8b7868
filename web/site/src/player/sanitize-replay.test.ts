/** The sanitizer by itself, without the frame's sandbox and the site's policy. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MAX_DEPTH, MAX_NODES, TooLargeError, createSanitizer } from './sanitize-replay';

type Node = { tagName?: string; attributes?: object; childNodes?: Node[] };

const RUN = 'alert(1)';
const EVIL = 'https://evil.example/';

function element(tagName: string, attributes: object = {}, childNodes: object[] = [], id = 9): Node {
  return { type: 2, id, tagName, attributes, childNodes } as Node;
}

const snapshot = (node: object, timestamp = 10) => ({ type: 2, timestamp, data: { node } });

function mutation(change: object, timestamp = 20) {
  return { type: 3, timestamp, data: { source: 0, adds: [], removes: [], attributes: [], texts: [], ...change } };
}

/** Attributes that may do something, without those that are set aside for style rules. */
const acting = (attributes: object = {}) => Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.startsWith('data-store-own-')));

/** What remains of an element in a snapshot. */
function left(tagName: string, attributes: object): Node {
  const node = element(tagName, attributes);
  createSanitizer()(snapshot(node));
  return { ...node, attributes: acting(node.attributes) };
}

test('a script becomes another element without content', () => {
  const script = element('SCRIPT', { src: EVIL }, [{ type: 3, id: 1, textContent: RUN }]);
  createSanitizer()(snapshot(script));

  expect(script).toMatchObject({ tagName: 'noscript', attributes: {}, childNodes: [] });
  expect(left('svg:script', { 'xlink:href': EVIL }).tagName).toBe('noscript');
});

test('every handler is removed, however it is written', () => {
  const { attributes } = left('img', { onerror: RUN, ONLOAD: RUN, _onclick: RUN, 'on click': RUN, alt: 'a' });

  expect(attributes).toEqual({ alt: 'a' });
});

test('keeps attributes of the page that start like a handler and have no value', () => {
  const { attributes } = left('x-card', { on: '', online: true, onclick: 'go()', once: null });

  expect(attributes).toEqual({ on: '', online: true, once: null });
});

test('a javascript: address leads nowhere, whatever blanks it contains', () => {
  expect(left('a', { href: `javascript:${RUN}` }).attributes).toEqual({ href: '#' });
  expect(left('a', { href: ` \u0001java\nscr\tipt:${RUN}` }).attributes).toEqual({ href: '#' });
  expect(left('use', { 'xlink:href': `JavaScript:${RUN}` }).attributes).toEqual({});
});

test('a value that is neither text nor number is removed, since rrweb would convert it', () => {
  expect(left('a', { href: [`javascript:${RUN}`], title: { a: 1 }, id: 'a', tabindex: 1, hidden: true }).attributes).toEqual({
    id: 'a',
    tabindex: 1,
    hidden: true,
  });
});

test('nothing connects or navigates', () => {
  expect(left('a', { ping: EVIL, target: '_blank', href: EVIL }).attributes).toEqual({ href: EVIL });
  expect(left('link', { REL: 'preconnect', href: EVIL }).attributes).toEqual({});
  expect(left('meta', { 'HTTP-EQUIV': 'refresh', content: `0;url=${EVIL}` }).attributes).toEqual({});
  expect(left('meta', { name: 'color-scheme', 'http-equiv': 'refresh', content: 'light dark' }).attributes).toEqual({ name: 'color-scheme', content: 'light dark' });
  expect(left('meta', { name: 'color-scheme', content: `0;url=${EVIL}` }).attributes).toEqual({ name: 'color-scheme' });
  expect(left('form', { action: EVIL, method: 'post' }).attributes).toEqual({ method: 'post' });
  expect(left('iframe', { src: EVIL, srcdoc: '<p>', name: 'top', width: '9' }).attributes).toEqual({ width: '9' });
  expect(left('object', { data: EVIL, height: '9' }).attributes).toEqual({ height: '9' });
  expect(left('base', { href: EVIL, target: '_top' })).toMatchObject({ tagName: 'unknown-element', attributes: {} });
  expect(left('animate', { attributeName: 'xlink:href', to: EVIL }).attributes).toEqual({ to: EVIL });
});

test('what style rules may ask for is set aside, in a snapshot and in a change', () => {
  const [node, change] = [element('iframe', { SRC: EVIL, allow: 'camera', rr_src: 7 }), { id: 9, attributes: { sandbox: '', src: null, rel: { a: 1 } } }];
  const sanitize = createSanitizer();
  sanitize(snapshot(node));
  sanitize(mutation({ attributes: [change] }));

  expect(node.attributes).toEqual({ 'data-store-own-src': EVIL, 'data-store-own-allow': 'camera', rr_src: 7 });
  expect(change.attributes).toEqual({ 'data-store-own-sandbox': '', 'data-store-own-src': null });
});

test('no video or sound is told to play', () => {
  const play = { type: 3, timestamp: 30, data: { source: 7, type: 0, id: 9 } };
  createSanitizer()(play);

  expect(left('video', { autoplay: true, rr_mediaState: 'played', controls: true }).attributes).toEqual({ controls: true });
  expect(play.data.id).toBe(-1);
});

test('a style sheet stays one, with no other relation', () => {
  expect(left('link', { _cssText: 'a{}', rel: 'preconnect', href: EVIL, media: 'print' }).attributes).toEqual({
    _cssText: 'a{}',
    media: 'print',
  });
});

test('a change cannot set a forbidden attribute', () => {
  const sanitize = createSanitizer();
  sanitize(snapshot(element('body', {}, [element('iframe', {}, [], 1), element('link', {}, [], 2), element('img', {}, [], 3)])));
  const attributes = [
    { id: 1, attributes: { src: EVIL, srcdoc: RUN, width: '9' } },
    { id: 2, attributes: { rel: 'preconnect', href: EVIL } },
    { id: 3, attributes: { src: EVIL, onerror: RUN, style: { color: 'red' } } },
  ];
  sanitize(mutation({ attributes }));

  expect(attributes.map((change) => acting(change.attributes))).toEqual([
    { width: '9' },
    {},
    { src: EVIL, style: { color: 'red' } },
  ]);
});

test('a change of an unknown element may set only what every element may have', () => {
  const change = { id: 77, attributes: { src: EVIL, href: EVIL, rel: 'preconnect', content: 'a', title: 'a' } };
  createSanitizer()(mutation({ attributes: [change] }));

  expect(acting(change.attributes)).toEqual({ title: 'a' });
});

test('a late change counts as one of an unknown element', () => {
  const sanitize = createSanitizer();
  sanitize(snapshot(element('link', {}, [], 5), 100));
  sanitize(snapshot(element('img', {}, [], 5), 300));
  const change = { id: 5, attributes: { href: EVIL, src: EVIL, title: 'a' } };
  sanitize(mutation({ attributes: [change] }, 200));

  expect(acting(change.attributes)).toEqual({ title: 'a' });
});

test('a late page has no frame', () => {
  const sanitize = createSanitizer();
  sanitize(snapshot(element('img', {}, [], 5), 100));
  sanitize(mutation({ attributes: [{ id: 5, attributes: { src: EVIL } }] }, 200));
  const frame = element('iframe', {}, [], 5);
  sanitize(snapshot(frame, 150));

  expect(frame.tagName).toBe('unknown-element');
});

/** What remains of a change that would navigate id 5, after these events. */
function leftAfter(...events: object[]): object {
  const sanitize = createSanitizer(90);
  for (const event of events) {
    try {
      sanitize(event);
    } catch {
      // it is refused
    }
  }
  const change = { id: 5, attributes: { src: EVIL, title: 'a' } };
  sanitize(mutation({ attributes: [change] }, 900));
  return acting(change.attributes);
}

const IMAGE = () => element('img', {}, [], 5);
const FRAME = () => element('iframe', {}, [], 5);

test('an id of several kinds of elements may set only what every element may have', () => {
  const both = [IMAGE(), FRAME()];
  const add = (parentId: number, nextId: number | null) => mutation({ adds: [{ parentId, nextId, node: IMAGE() }] });

  expect(leftAfter(snapshot(IMAGE()))).toEqual({ src: EVIL, title: 'a' });
  expect(leftAfter(snapshot(element('body', {}, both)))).toEqual({ title: 'a' });
  expect(leftAfter(snapshot(element('body', {}, both.reverse())))).toEqual({ title: 'a' });
  expect(leftAfter(snapshot(FRAME()), add(99, null))).toEqual({ title: 'a' });
  expect(leftAfter(snapshot(FRAME()), add(9, 99))).toEqual({ title: 'a' });
  expect(leftAfter(snapshot(FRAME(), 10), snapshot(IMAGE(), 20))).toEqual({ src: EVIL, title: 'a' });
});

test('an id that was given to another element never becomes a frame', () => {
  const frame = FRAME();
  leftAfter(snapshot(IMAGE()), mutation({ adds: [{ parentId: 9, node: frame }] }));
  const late = element('embed', {}, [], 6);
  leftAfter(snapshot(IMAGE(), 30), mutation({ adds: [{ parentId: 9, node: late }] }, 20));

  expect([frame.tagName, late.tagName]).toEqual(['unknown-element', 'unknown-element']);
});

test('a refused page changes the meaning of no id', () => {
  const large = snapshot(element('body', {}, Array.from({ length: 99 }, IMAGE)), 20);

  expect(leftAfter(snapshot(FRAME(), 10), large)).toEqual({ title: 'a' });
});

test.for([0, -1, -2, 5.5, '5', null, 2 ** 53])('%s is the number of no node', (id) => {
  const node = { ...IMAGE(), id };
  createSanitizer()(snapshot(node));

  expect(node.id).toBeNaN();
});

test('a tag may have letters of any language', () => {
  expect(left('x-ä', {})).toMatchObject({ tagName: 'x-ä' });
  expect(left('emotion-日本', {})).toMatchObject({ tagName: 'emotion-日本' });
  expect(left('x-a b', {})).toMatchObject({ tagName: 'unknown-element' });
});

test('a progress that has lost its value is indeterminate', () => {
  const sanitize = createSanitizer();
  const change = { id: 5, attributes: { value: '' } };
  sanitize(mutation({ adds: [{ parentId: 1, nextId: null, node: element('progress', { value: '4' }, [], 5) }] }));
  sanitize(mutation({ attributes: [change] }));

  expect(change.attributes).toEqual({ value: null });
});

test('a tag named like a property of every object is no tag', () => {
  expect(left('constructor', {}).tagName).toBe('unknown-element');
  expect(left('toString', {}).tagName).toBe('unknown-element');
});

test('the changes of a real recording are left as they are', () => {
  const session = readFileSync(new URL('../../../../tests/data/session.ndjson', import.meta.url), 'utf8').trim().split('\n');
  const sanitize = createSanitizer();
  const played = session.map((line) => JSON.parse(line) as object);
  played.forEach(sanitize);

  expect(played.map((event) => JSON.stringify(event)).filter((line, index) => line !== session[index] && !line.startsWith('{"type":2,'))).toEqual([]);
});

test('all nodes of an event are counted together', () => {
  const adds = [0, 1].map((parentId) => ({
    parentId,
    node: element('p', {}, Array.from({ length: MAX_NODES / 2 }, () => ({ type: 3, id: 1, textContent: '' }))),
  }));

  expect(() => createSanitizer()(mutation({ adds }))).toThrow(TooLargeError);
  expect(() => createSanitizer()(mutation({ adds: adds.slice(1) }))).not.toThrow();
});

test('nodes that are nested too deeply are cut off', () => {
  const deep = Array.from({ length: MAX_DEPTH + 9 }).reduce<Node>((inner) => element('p', {}, [inner]), element('b'));
  createSanitizer()(snapshot(deep));

  expect(JSON.stringify(deep).split('"tagName"').length - 1).toBe(MAX_DEPTH + 1);
});

test('a value without the shape of an event does no harm', () => {
  const sanitize = createSanitizer();
  const odd = mutation({ adds: [null, { node: 7 }, { node: { type: 2, attributes: null } }], attributes: [null, { id: 1 }] });
  sanitize(odd);

  expect(odd.data).toMatchObject({
    adds: [{ node: { attributes: {} } }],
    attributes: [{ id: 1, attributes: {} }],
  });
  expect(() => [null, 7, {}, { type: 2 }, { type: 5, data: '<script>' }].forEach(sanitize)).not.toThrow();
});

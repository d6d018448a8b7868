import type { eventWithTime } from '@rrweb/types';
import { expect, it, vi } from 'vitest';
import type { Places, Treatment } from './place';
import { createSanitizer } from './sanitize-recording';
import { typedValues } from './typed-values';

/** A node of the page; `treatment` is its own. */
const live = (nodeName: string, treatment: Treatment, parentElement: object | null = null) =>
  ({ nodeName, treatment, parentElement, namespaceURI: 'http://www.w3.org/1999/xhtml', localName: nodeName.toLowerCase() }) as unknown as Node;
const LIVE: Record<number, Node> = {
  1: Object.assign(live('#document', 'inputs'), { querySelectorAll: () => [] }),
  2: live('DIV', 'text'),
  3: live('#text', 'text', live('DIV', 'text')),
  4: live('DIV', 'block'),
  5: live('#text', 'inputs', live('SCRIPT', 'inputs')),
  6: live('#text', 'text', live('STYLE', 'text')),
  7: live('P', 'open'),
  8: live('IFRAME', 'text'),
  11: Object.assign(live('INPUT', 'text'), { type: 'radio' }),
  12: Object.assign(live('INPUT', 'open'), { type: 'radio' }),
  13: live('SELECT', 'text'),
  14: live('SELECT', 'open'),
};
const treatmentOf = (node: Node | null): Treatment => (node as unknown as { treatment: Treatment }).treatment;
const places: Places = {
  blocked: '',
  closed: '',
  treatmentOf,
  below: (node, outer) => (node ? treatmentOf(node) : outer),
  masksValues: (treatment) => treatment !== 'open',
  readFields: () => undefined,
  noteCopy: () => undefined,
  watchMoves: () => undefined,
  noteMoves: () => undefined,
  noteRecorded: () => undefined,
  recall: () => undefined,
  stop: () => undefined,
  level: 'inputs',
};

const create = (options = {}) => createSanitizer(options, places, (id) => LIVE[id] ?? null);
const change = (source: number, data: object) => ({ type: 3, data: { source, ...data } }) as unknown as eventWithTime;
const mutation = (data: object) => change(0, { adds: [], removes: [], texts: [], attributes: [], ...data });
const text = (id: number, textContent: string) => ({ type: 3, id, textContent });

/** The data of the event after the gate, or nothing. */
function passed(event: eventWithTime, sanitize = create()): unknown {
  return sanitize(event) ? event.data : undefined;
}

it.each(['exec', 'test', Symbol.replace] as const)('lets nothing leave a page that has replaced %s of regular expressions', (name) => {
  const sanitize = create();
  const { prototype } = RegExp as unknown as { prototype: Record<string | symbol, unknown> };
  const own = prototype[name];
  const event = mutation({ texts: [{ id: 3, value: 'Secret' }] });
  prototype[name] = name === Symbol.replace ? (given: string) => given : () => null;
  const isLet = sanitize(event);
  prototype[name] = own;

  expect(isLet).toBe(false);
  expect(sanitize(event)).toBe(true);
});

it('stores no query and no hash of the page', () => {
  const meta = { type: 4, data: { href: 'https://shop.example/a?token=t#u' } } as unknown as eventWithTime;

  expect(passed(meta)).toEqual({ href: 'https://shop.example/a' });
});

it('masks texts, comments and nothing that is open in a snapshot, at any depth', () => {
  const tree = (masked: string, comment: string) => ({
    type: 2,
    id: 2,
    tagName: 'div',
    attributes: {},
    childNodes: [text(3, masked), { type: 5, id: 9, textContent: comment }, { type: 2, id: 7, tagName: 'p', attributes: { title: 'Ann' }, childNodes: [] }],
  });
  const snapshot = (root: object) => ({ type: 2, data: { node: { type: 0, id: 1, childNodes: [root] } } }) as unknown as eventWithTime;

  expect(passed(snapshot(tree('Ann B.', 'Ann')))).toEqual(snapshot(tree('*** **', '')).data);
});

it('records the text of a CDATA section, masked like any other', () => {
  const cdata = (text: string) => ({ ...live('#cdata-section', 'text', LIVE[2]), parentNode: { nodeName: 'p' }, nodeValue: text });
  const sanitize = createSanitizer({}, places, (id) => (id === 13 ? (cdata('Ann B.') as unknown as Node) : (LIVE[id] ?? null)));

  expect(passed(mutation({ adds: [{ parentId: 2, node: { type: 4, id: 13, textContent: '' } }] }), sanitize)).toMatchObject({
    adds: [{ node: { type: 3, textContent: '*** **' } }],
  });
});

it('leaves of a blocked element its class and its size, and nothing that is in it', () => {
  const blocked = { type: 2, id: 4, tagName: 'div', attributes: { class: 'a', id: 'b', rr_width: '1px', rr_height: '2px' }, childNodes: [text(3, 'x')] };

  expect(passed(mutation({ adds: [{ parentId: 2, node: blocked }] }))).toMatchObject({
    adds: [{ node: { attributes: { class: 'a', rr_width: '1px', rr_height: '2px' }, childNodes: [] } }],
  });
});

it('drops a change in a blocked element or in a node that it does not know, and an event of which nothing is left', () => {
  const adds = (parentId: number) => ({ adds: [{ parentId, node: text(10, 'x') }] });

  for (const id of [4, 99]) {
    expect(passed(mutation(adds(id)))).toBeUndefined();
    expect(passed(mutation({ texts: [{ id, value: 'x' }] }))).toBeUndefined();
    expect(passed(mutation({ attributes: [{ id, attributes: { title: 'x' } }] }))).toBeUndefined();
    for (const source of [2, 3, 5, 7, 8, 9, 13]) expect(passed(change(source, { id }))).toBeUndefined();
    expect(passed(change(1, { positions: [{ id }] }))).toBeUndefined();
    expect(passed(change(14, { ranges: [{ start: id, end: 2 }] }))).toMatchObject({ ranges: [] });
  }
  expect(passed(change(1, { positions: [{ id: 4 }, { id: 2 }] }))).toMatchObject({ positions: [{ id: 2 }] });
  expect(passed(mutation({ ...adds(4), removes: [{ id: 3, parentId: 4 }] }))).toMatchObject({ adds: [], removes: [{ id: 3 }] });
});

it('masks changed texts, and stores no script and no text of a style sheet', () => {
  const texts = (a: string, b: string, c: string) => mutation({ texts: [3, 5, 6].map((id, at) => ({ id, value: [a, b, c][at] })) });

  expect(passed(texts('Ann', 'alert()', 'a{content:"Ann"}'))).toEqual(texts('***', '', 'a{content:"***"}').data);
});

it('masks the value of a radio button that is pressed, which rrweb does not', () => {
  expect(passed(change(5, { id: 11, text: 'Ann', isChecked: true }))).toEqual({ source: 5, id: 11, text: '***', isChecked: true });
  expect(passed(change(5, { id: 12, text: 'Ann', isChecked: true }))).toMatchObject({ text: 'Ann' });
});

it('masks texts by the function of the page', () => {
  const sanitize = create({ maskTextFn: (one: string) => one.replaceAll('n', '-') });

  expect(passed(mutation({ texts: [{ id: 3, value: 'Ann' }] }), sanitize)).toMatchObject({ texts: [{ value: 'A--' }] });
});

it('treats the nodes of a frame in another process like the frame', () => {
  const sanitize = create();
  const added = passed(mutation({ adds: [{ parentId: 8, node: { type: 0, id: 50, childNodes: [text(51, 'Ann')] } }] }), sanitize);

  expect(added).toMatchObject({ adds: [{ node: { childNodes: [{ textContent: '***' }] } }] });
  expect(passed(mutation({ texts: [{ id: 51, value: 'Bob' }] }), sanitize)).toMatchObject({ texts: [{ value: '***' }] });
});

it('masks rules that a script adds, and adopted style sheets', () => {
  const sanitize = create();
  const rule = (content: string) => `a{content:"${content}"}`;
  const styles = (content: string) => [{ styleId: 1, rules: [{ rule: rule(content), index: 0 }] }];

  expect(passed(change(8, { id: 2, adds: [{ rule: rule('Ann') }], replace: rule('Bob') }))).toMatchObject({ adds: [{ rule: rule('***') }], replace: rule('***') });
  expect(passed(change(13, { id: 2, set: { property: 'content', value: '"Ann"' } }))).toMatchObject({ set: { value: '"***"' } });
  expect(passed(change(15, { id: 2, styleIds: [1], styles: styles('Ann') }), sanitize)).toMatchObject({ styles: styles('***') });
  expect(passed(change(8, { styleId: 1, adds: [{ rule: rule('Ann') }] }), sanitize)).toMatchObject({ adds: [{ rule: rule('***') }] });
});

it('stores a style sheet that a blocked tree used first once another tree uses it', () => {
  const sanitize = create();
  const styles = [{ styleId: 1, rules: [{ rule: 'a{}', index: 0 }] }];

  expect(passed(change(15, { id: 4, styleIds: [1], styles }), sanitize)).toBeUndefined();
  expect(passed(change(8, { styleId: 1, adds: [{ rule: 'b{}' }] }), sanitize)).toBeUndefined();
  expect(passed(change(15, { id: 2, styleIds: [1] }), sanitize)).toMatchObject({ styles });
});

it('stores no canvas where texts are masked, since it draws them too', () => {
  expect(passed(change(9, { id: 2 }))).toBeUndefined();
  expect(passed(change(9, { id: 7 }))).toEqual({ source: 9, id: 7 });
});

it('leaves events alone that say nothing of the page', () => {
  expect(passed(change(4, { width: 1, height: 2 }))).toEqual({ source: 4, width: 1, height: 2 });
  expect(passed(change(16, { define: { name: 'a-b' } }))).toEqual({ source: 16, define: { name: 'a-b' } });
});

it('leaves credentials out of the address of a font, and takes its bytes as they are', () => {
  expect(passed(change(10, { family: 'f', fontSource: "url('/f?sig=s&w=3')" }))).toMatchObject({ fontSource: "url('/f?w=3')" });
  expect(passed(change(10, { family: 'f', buffer: true, fontSource: '[47]' }))).toMatchObject({ fontSource: '[47]' });
});

it('stores no script whatever its letters, and nothing of what a page without scripts would show', () => {
  const at = (id: number, nodeName: string) => (LIVE[id] = live('#text', 'inputs', live(nodeName, 'inputs')));
  at(20, 'script');
  at(21, 'NOSCRIPT');

  expect(passed(mutation({ texts: [{ id: 20, value: 'x' }, { id: 21, value: '<img>' }] }))).toMatchObject({
    texts: [{ value: '' }, { value: '' }],
  });
});

it('stores no value of a field that is empty, which rrweb takes from its attribute', () => {
  const field = (id: number, value: string) => (LIVE[id] = Object.assign(live('INPUT', 'inputs'), { value, getAttribute: () => null }));
  field(22, '');
  field(23, 'Ann');
  vi.stubGlobal('Element', { prototype: { getAttribute: () => null } });
  const input = (id: number) => ({ type: 2, id, tagName: 'input', attributes: { value: '***' }, childNodes: [] });

  expect(passed(mutation({ adds: [22, 23].map((id) => ({ parentId: 1, node: input(id) })) }))).toMatchObject({
    adds: [{ node: { attributes: {} } }, { node: { attributes: { value: '***' } } }],
  });
  vi.unstubAllGlobals();
});

it('hides at level inputs what was typed, in texts, attributes and addresses', () => {
  typedValues.add('Ann Bell');
  vi.stubGlobal('Element', { prototype: { getAttribute: () => null } });
  LIVE[24] = live('P', 'inputs');
  LIVE[25] = live('#text', 'inputs', LIVE[24]);
  const meta = { type: 4, data: { href: 'https://shop.example/Ann%20Bell' } } as unknown as eventWithTime;

  expect(passed(mutation({ texts: [{ id: 25, value: 'Dear Ann Bell' }], attributes: [{ id: 24, attributes: { title: 'Ann Bell', class: 'Ann Bell' } }] }))).toMatchObject({
    texts: [{ value: 'Dear ********' }],
    attributes: [{ attributes: { title: '*** ****', class: 'Ann Bell' } }],
  });
  expect(passed(meta)).toEqual({ href: 'https://shop.example/********' });
  vi.unstubAllGlobals();
});

it('says which options are chosen where values may be seen alone', () => {
  const chosen = (id: number) => change(5, { id, text: '*', isChecked: false, selected: [2] });

  expect(passed(chosen(13))).toEqual({ source: 5, id: 13, text: '*', isChecked: false });
  expect(passed(chosen(14))).toEqual({ source: 5, id: 14, text: '*', isChecked: false, selected: [2] });
});

it('sends no change of rules that a correction has emptied', () => {
  expect(passed(change(8, {}))).toBeUndefined();
  expect(passed(change(8, { id: 7, removes: [{ index: 0 }] }))).toBeDefined();
});

const own = (tag: string, payload: object) => ({ type: 5, data: { tag: `rrweb-store:${tag}`, payload } }) as unknown as eventWithTime;

it('tells no state of a blocked element or of a node that it does not know', () => {
  const elements = [2, 4, 99].map((id) => ({ id, kind: 'popover' }));
  const told = [2, 4, 99].map((id) => ({ n: id, id, name: 'in' }));

  expect(passed(own('top-layer', { elements }))).toMatchObject({ payload: { elements: [{ id: 2 }] } });
  expect(passed(own('animations', { told, gone: [] }))).toMatchObject({ payload: { told: [{ id: 2 }] } });
});

it('masks what the keyframes of an animation show, as in a style sheet', () => {
  const keyframes = [{ opacity: '0', easing: 'ease', content: '"Ann B."', backgroundImage: 'url("https://shop.example/ann.png?t=1")', '--said': '"Ann"' }];
  const event = own('animations', { told: [{ n: 1, id: 2, keyframes }], gone: [] });

  expect(passed(event)).toMatchObject({
    payload: { told: [{ keyframes: [{ opacity: '0', easing: 'ease', content: '"*** *."', backgroundImage: expect.not.stringContaining('t=1') as string, '--said': '"***"' }] }] },
  });
});

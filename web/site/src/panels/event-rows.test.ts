import { expect, test } from 'vitest';
import { createEventRows } from './event-rows';

const TYPES: Record<number, string> = { 1: 'checkbox', 2: 'radio', 3: 'select' };
const rowsOf = (...events: object[]) => {
  const rows = createEventRows({ of: (id) => `“Field ${String(id)}”`, typeOf: (id) => TYPES[id as number] ?? 'text' });
  return events.map((event, index) => rows.rowOf({ timestamp: 1_000 + index, ...event } as never));
};
const custom = (tag: unknown, payload: unknown) => ({ type: 5, data: { tag, payload } });
const rowOf = (event: object) => rowsOf(event)[0]?.row;
const textOf = (event: object) => rowOf(event)?.text;
const input = (id: number, more: object) => ({ type: 3, data: { source: 5, id, text: '', isChecked: false, ...more } });

test('a page is one row, with its query and hash, for reading', () => {
  const page = (href: unknown) => ({ type: 4, data: { href, width: 1, height: 1 } });
  const rows = rowsOf(page('https://b%C3%BCcher.example/#/a?b=%C3%BC'), page('https://b%C3%BCcher.example/#/a?b=%C3%BC'), page('https://x.example/#/b'), page(7));

  expect(rows.map((one) => one?.row.text)).toEqual(['bücher.example/#/a?b=ü', undefined, 'x.example/#/b', undefined]);
  expect(rows[2]?.row).toMatchObject({ kind: 'page', value: 'https://x.example/#/b' });
});

test.each([
  [{ type: 3, data: { source: 2, type: 2, id: 9 } }, 'Click on “Field 9”'],
  [{ type: 3, data: { source: 2, type: 3, id: 9 } }, 'Right-click on “Field 9”'],
  [{ type: 3, data: { source: 2, type: 1, id: 9 } }, undefined],
  [input(9, { text: '*****' }), 'Type “*****” in “Field 9”'],
  [input(1, { text: 'on', isChecked: true }), 'Choose “Field 1”'],
  [input(1, { text: 'on' }), 'Clear “Field 1”'],
  [input(2, { text: 'b', isChecked: true }), 'Choose “Field 2”'],
  [input(2, { text: 'a' }), undefined],
  [input(3, { text: 'blue' }), 'Choose “blue” in “Field 3”'],
  [input(9, { text: 'x', userTriggered: false }), undefined],
  [custom('rrweb-store:event', { name: 'ordered' }), 'ordered'],
  [custom('cart opened', undefined), 'cart opened'],
  [custom('rrweb-store:user', { user: 'ada@example.com' }), 'User: ada@example.com'],
  [custom('rrweb-store:click', { kind: 'rage', id: 4 }), 'Rage click on “Field 4”'],
  [custom('rrweb-store:click', { kind: 'dead', id: 4 }), 'Dead click on “Field 4”'],
  [custom('rrweb-store:click', { kind: 'odd', id: 4 }), undefined],
  [custom('rrweb-store:error', { kind: 'error', message: 'x is not a function' }), 'x is not a function'],
  [custom('rrweb-store:error', { kind: 'unhandledrejection', message: 'no' }), 'Unhandled rejection: no'],
  [custom('rrweb-store:vital', { name: 'LCP', value: 2_540, rating: 'needs-improvement' }), 'LCP 2.5 s (needs improvement)'],
  [custom('rrweb-store:vital', { name: 'CLS', value: 0.12345, rating: 'poor' }), 'CLS 0.123 (poor)'],
  [custom('rrweb-store:vital', { name: 'INP', value: 48, rating: 'constructor' }), 'INP 48 ms'],
  [custom('rrweb-store:vital', { name: 'XSS', value: 48 }), undefined],
  [custom('rrweb-store:left', {}), 'The page was left'],
  [custom('rrweb-store:end', { reason: 'stopped' }), 'The recording ended: the page stopped it'],
  [custom('rrweb-store:end', {}), 'The recording ended'],
  [custom('rrweb-store:view', { width: 3 }), undefined],
  [custom('rrweb-store:event', 'text'), undefined],
  [custom(5, {}), undefined],
])('the row of %j is %s', (event, text) => {
  expect(textOf(event)).toBe(text);
});

test('a rage click is named as its click was, though the element may have left', () => {
  const names = ['“Pay now”', 'an element'];
  const rows = createEventRows({ of: () => names.shift()!, typeOf: () => '' });
  rows.rowOf({ timestamp: 1, type: 3, data: { source: 2, type: 2, id: 4 } } as never);

  expect(rows.rowOf({ timestamp: 2, ...custom('rrweb-store:click', { kind: 'rage', id: 4 }) } as never)?.row.text).toBe('Rage click on “Pay now”');
});

test('typing in one field is one row, until something else happens', () => {
  const [first, second, third, , fourth] = rowsOf(input(9, { text: 'a' }), input(9, { text: 'ab' }), input(8, { text: 'c' }), { type: 3, data: { source: 2, type: 2, id: 9 } }, input(8, { text: 'cd' }));

  expect([first?.replaces, second?.replaces, third?.replaces, fourth?.replaces]).toEqual([undefined, first?.row, undefined, undefined]);
});

test('an error has its place and its stack', () => {
  const error = { kind: 'error', message: 'boom', source: 'https://x.example/a.js', line: 3, column: 7, stack: 'at f (a.js:3:7)' };

  expect(rowOf(custom('rrweb-store:error', error))).toEqual({ timestamp: 1_000, kind: 'error', text: 'boom', detail: 'boom\nat https://x.example/a.js:3:7\nat f (a.js:3:7)' });
});

test('properties are shown as JSON', () => {
  expect(rowOf(custom('rrweb-store:event', { name: 'ordered', properties: { total: 12 } }))).toMatchObject({ kind: 'event', detail: '{\n  "total": 12\n}', value: 'ordered' });
});

test('properties that are nested deeply do not stop it', () => {
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  expect(rowOf(custom('x', nested(5_000)))?.detail.length).toBeLessThan(20_000);
  expect(rowOf(custom('x', nested(100_000)))?.text).toBe('x');
});

test('a hostile text is one short line, and its detail is cut', () => {
  const row = rowOf(custom('rrweb-store:error', { kind: 'error', message: `a\n\u0000b${'x'.repeat(1_000_000)}`, stack: 'y'.repeat(1_000_000) }))!;

  expect(row.text.startsWith('a b')).toBe(true);
  expect(row.text.length).toBe(301);
  expect(row.detail.length).toBeLessThan(41_000);
});

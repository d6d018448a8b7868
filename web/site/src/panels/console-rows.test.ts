import { expect, test } from 'vitest';
import { consoleRow } from './console-rows';

const rowOf = (payload: unknown, plugin = 'rrweb/console@1') => consoleRow({ type: 6, timestamp: 5, data: { plugin, payload } } as never);
const said = (...args: unknown[]) => rowOf({ level: 'log', trace: [], payload: args });

test('strings are shown without quotes, and objects in full below', () => {
  expect(rowOf({ level: 'warn', trace: ['f (a.js:1:2)', 'b.js:3:4'], payload: ['"low stock"', '{"left":2}', 'undefined'] })).toEqual({
    timestamp: 5,
    level: 'warn',
    text: 'low stock {"left":2} undefined',
    detail: 'low stock\n{\n  "left": 2\n}\nundefined',
    trace: 'f (a.js:1:2)\nb.js:3:4',
  });
});

test.each([
  ['error', 'error'],
  ['assert', 'error'],
  ['info', 'info'],
  ['trace', 'debug'],
  ['table', 'log'],
  ['constructor', 'log'],
  [undefined, 'log'],
])('the level %s counts as %s', (level, counted) => {
  expect(rowOf({ level, trace: [], payload: [] })?.level).toBe(counted);
});

test('placeholders are filled, and styles left out', () => {
  expect(said('"%cHello %s, %d of %o: 100%%"', '"color: red"', '"Ada"', '1', '{"a":1}', '"more"')?.text).toBe('Hello Ada, 1 of {"a":1}: 100% more');
  expect(said('"50% off %s"')?.text).toBe('50% off %s');
});

test.each([undefined, null, 'text', { level: 'log' }, { payload: 'x', trace: 'y' }, { payload: [7, null], trace: [null] }])('the payload %j does not stop it', (payload) => {
  expect(() => rowOf(payload)).not.toThrow();
});

test('another plugin has no row', () => {
  expect(rowOf({ level: 'log', trace: [], payload: [] }, 'other')).toBeUndefined();
});

test('what is nested deeply is shown as it is, and does not stop it', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  expect(said(deep(500))?.detail).toBe(deep(500));
  expect(said(deep(1_000_000), '[[')?.detail.startsWith('[[[')).toBe(true);
});

test('a row of a megabyte is cut, and so are very many arguments and frames', () => {
  const row = rowOf({ level: 'log', trace: Array(10_000).fill('f'.repeat(10_000)), payload: [JSON.stringify('x'.repeat(1_000_000)), ...Array(10_000).fill(`{"a":"${'y'.repeat(15_000)}"}`)] })!;

  expect(row.text.length).toBeLessThanOrEqual(1_000);
  expect(row.detail.length).toBeLessThan(20_100);
  expect(row.trace.length).toBeLessThan(26_000);
});

import { expect, test } from 'vitest';
import { createRows } from './rows';
import { indexAt } from './sorted-rows';

const tracked = (timestamp: number, name: string) => ({ type: 5, timestamp, data: { tag: name, payload: {} } }) as never;
const message = (timestamp: number, text: string) => ({ type: 6, timestamp, data: { plugin: 'rrweb/console@1', payload: { level: 'log', trace: [], payload: [JSON.stringify(text)] } } }) as never;

test('rows are in order of time, also where events arrive late', () => {
  const rows = createRows();
  for (const event of [tracked(30, 'c'), tracked(10, 'a'), tracked(20, 'b'), message(40, 'x')]) rows.add(event);
  const { startMs, events, console } = rows.rows(10);

  expect([startMs, events.map(({ text }) => text), console.map(({ text }) => text)]).toEqual([10, ['a', 'b', 'c'], ['x']]);
});

test('a list is the same until it has another row, and keeps what it had', () => {
  const rows = createRows();
  rows.add(tracked(10, 'a'));
  const first = rows.rows(0);
  rows.add(message(20, 'x'));
  const second = rows.rows(0);
  rows.add(tracked(30, 'b'));

  expect(second.events).toBe(first.events);
  expect(first.events).toHaveLength(1);
  expect(rows.rows(0).events).toHaveLength(2);
});

test('rows beyond the limits are counted and left out', () => {
  const rows = createRows();
  for (let n = 0; n < 50_010; n++) rows.add(tracked(n, 'x'));
  for (let n = 0; n < 2_000; n++) rows.add(message(n, 'x'.repeat(20_000)));
  const { events, console, leftOut } = rows.rows(0);

  expect(events).toHaveLength(50_000);
  expect(console.length).toBeLessThan(1_600);
  expect(leftOut).toBe(10 + 2_000 - console.length);
});

test('the row at a time is the last one before it', () => {
  const rows = [{ timestamp: 10 }, { timestamp: 20 }, { timestamp: 20 }];

  expect([5, 10, 19, 20, 99].map((time) => indexAt(rows, time))).toEqual([-1, 0, 0, 2, 2]);
});

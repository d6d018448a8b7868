import { expect, test } from 'vitest';
import { askedOf, listViewOf, searchOfView } from './list-view';

test.each(['', '?errors=true', '?since=today', '?page=%2Fcart&user=anna&since=7d&sort=longest&density=rows', '?from=5&sort=errors', '?since=yesterday', '?from=5&to=9', '?to=9&since=today'])(
  'the list that an address names has this address: %s',
  (search) => {
    expect(searchOfView(listViewOf(search))).toBe(search);
  },
);

test('what no list has is not given', () => {
  expect(listViewOf('?since=tomorrow&sort=__proto__&density=&t=5')).toEqual({ filters: {}, sort: 'newest' });
  expect(searchOfView(listViewOf('?sort=newest'))).toBe('');
});

test('a span that moves with the clock stands in place of a fixed time', () => {
  expect(listViewOf('?from=5&to=9&since=today')).toEqual({ filters: { to: '9' }, since: 'today', sort: 'newest' });
  expect(listViewOf('?from=5&to=9&since=yesterday')).toEqual({ filters: {}, since: 'yesterday', sort: 'newest' });
});

test('the API is asked from midnight of the first of these days on', () => {
  const now = new Date(2026, 8, 10, 15, 30).getTime();
  const from = (search: string) => askedOf(listViewOf(search), now).from;

  expect([from('?since=today'), from('?since=7d'), from('?from=5'), from('')]).toEqual([
    `${new Date(2026, 8, 10).getTime()}`,
    `${new Date(2026, 8, 4).getTime()}`,
    '5',
    undefined,
  ]);
});

test('yesterday ends with the last millisecond before today', () => {
  const { from, to } = askedOf(listViewOf('?since=yesterday'), new Date(2026, 8, 10, 0, 0).getTime());

  expect([from, to]).toEqual([`${new Date(2026, 8, 9).getTime()}`, `${new Date(2026, 8, 10).getTime() - 1}`]);
});

test('an address is asked for as the recorder writes it', () => {
  expect(askedOf(listViewOf('?page=/stra%C3%9Fe&user=%C3%BC'), 0)).toEqual({ page: '/stra%C3%9Fe', user: 'ü' });
});

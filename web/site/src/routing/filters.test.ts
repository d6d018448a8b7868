import { expect, test } from 'vitest';
import { filtersOf, searchOf } from './filters';

test('filters survive the address, whatever their texts are', () => {
  const filters = { errors: 'true', page: '/cart?a=b&c', tag: 'plan:"pro" #$ü🦭', user: 'a+b@example.com', from: '1795962641105' } as const;

  expect(filtersOf(searchOf(filters))).toEqual(filters);
});

test('the same filters have the same address, and none has an empty one', () => {
  expect(searchOf({ device: 'phone', errors: 'true' })).toBe(searchOf({ errors: 'true', device: 'phone' }));
  expect([searchOf({}), searchOf({ page: '' }), searchOf({ page: undefined })]).toEqual(['', '', '']);
});

test('what is no filter is none', () => {
  expect(filtersOf('?t=5&limit=3&cursor=x&constructor=1&errors=')).toEqual({});
});

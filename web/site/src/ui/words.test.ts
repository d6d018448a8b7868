import { expect, test } from 'vitest';
import { ago, browserName, clock, readableUrl, spoken } from './words';

test('times are as one reads them', () => {
  expect([clock(7000), clock(754_000), clock(3_723_000)]).toEqual(['0:07', '12:34', '1:02:03']);
  expect([spoken(0), spoken(65_000)]).toEqual(['0 seconds', '1 minute 5 seconds']);
  expect([ago(1000, 5000), ago(0, 300_000), ago(0, 86_400_000)]).toEqual(['just now', '5 minutes ago', 'yesterday']);
});

test('addresses and browsers are named as far as they are known', () => {
  expect(readableUrl('https://a.example:81/b?c#d')).toBe('a.example:81/b?c#d');
  expect(readableUrl('https://a.example/#/cart')).toBe('a.example/#/cart');
  expect(readableUrl('https://a.example/caf%C3%A9/%E8%8C%B6?q=%D1%87')).toBe('a.example/café/茶?q=ч');
  expect(readableUrl('https://a.example/a%2Fb%20c%00%E2%80%AEd')).toBe('a.example/a%2Fb%20c%00%E2%80%AEd');
  expect(readableUrl('https://a.example/100%')).toBe('a.example/100%');
  expect(readableUrl('javascript:alert(1)')).toBe('javascript:alert(1)');
  expect(browserName('Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36')).toBe('Chrome on Linux');
  expect(browserName('curl')).toBe('');
});

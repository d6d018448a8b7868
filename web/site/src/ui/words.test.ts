import { expect, test } from 'vitest';
import { ago, browserName, clock, counted, encodedAsRecorded, readableUrl, shortened, spoken } from './words';

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
  expect(readableUrl('https://xn--bcher-kva.example:81/')).toBe('bücher.example:81');
  expect(readableUrl('javascript:alert(1)')).toBe('javascript:alert(1)');
  expect(browserName('Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36')).toBe('Chrome on Linux');
  expect(browserName('curl')).toBe('');
});

test.each([
  ['https://bücher.example/straße?q=ü#é', 'https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%BC#%C3%A9'],
  ['bücher.example/ü', 'xn--bcher-kva.example/%C3%BC'],
  ['/caf%C3%A9 und mehr', '/caf%C3%A9%20und%20mehr'],
  ['straße', 'stra%C3%9Fe'],
  ['a.example:81/b?c=%2F&d#e', 'a.example:81/b?c=%2F&d#e'],
  ['\ud800', '%EF%BF%BD'],
  ['', ''],
])('a part of an address is looked for as the recorder writes it: %s', (typed, asked) => {
  expect(encodedAsRecorded(typed)).toBe(asked);
});

test('a recorded text is shown on one line, without its later parts', () => {
  expect(shortened(' Tea\n\t and\u2028 more ')).toBe('Tea and more');
  expect(shortened('🦭'.repeat(9), 3)).toBe('🦭🦭🦭…');
  expect(shortened('x'.repeat(10_000))).toHaveLength(201);
});

test('counts have their noun', () => {
  expect([counted(1, 'error'), counted(0, 'error'), counted(1200, 'rage click')]).toEqual(['1 error', '0 errors', '1,200 rage clicks']);
});

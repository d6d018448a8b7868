import { expect, it } from 'vitest';
import { shownAddress } from './shown-address';

const PAGE = 'https://shop.example/cart?token=t&page=2';
const shown = (href: string, address?: Parameters<typeof shownAddress>[1]['address']) => shownAddress(href, { address }, PAGE);

it('leaves out query, hash, user name and password', () => {
  expect(shown('https://me:pw@shop.example/a/b?token=t#access_token=u')).toBe('https://shop.example/a/b');
  expect(shown('mailto:me@shop.example?subject=s')).toBe('mailto:me@shop.example');
});

it('makes a relative address absolute', () => {
  expect(shown('../x?email=e')).toBe('https://shop.example/x');
  expect(shown('?token=t')).toBe('https://shop.example/cart');
});

it('keeps parameters of the given names, as often as they stand there', () => {
  expect(shown('/a?page=2&token=t&page=%26#h', ['page', 'sort'])).toBe('https://shop.example/a?page=2&page=%26');
});

it('stores what a function returns, which sees the whole address but no password', () => {
  expect(shown('https://me:pw@shop.example/user/47?tab=1#x', (url) => url.href.replace('47', '-'))).toBe(
    'https://shop.example/user/-?tab=1#x',
  );
});

it('leaves out query and hash if the function throws', () => {
  const broken = () => {
    throw new Error('broken');
  };

  expect(shown('/a?token=t', broken)).toBe('https://shop.example/a');
});

it.each(['javascript:void "s"', 'data:text/html,s', 'blob:https://shop.example/47'])('stores the scheme alone of %s', (href) => {
  expect(shown(href)).toBe(`${href.split(':')[0]}:`);
});

it.each(['https://', 'http://[', '//'])('stores nothing of %j, which is no address', (href) => {
  expect(shown(href)).toBe('');
});

import { describe, expect, it } from 'vitest';
import { lookAddress, resourceAddress, resourceSet } from './look-address';
import { typedValues } from './typed-values';

const shown = (address: string) => lookAddress(address, false, {});
const masked = (address: string, names?: string[]) => lookAddress(address, true, { address: names });
const drawing = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;
const coded = (inner: string) => `data:image/svg+xml;base64,${btoa(drawing(inner))}`;
const source = (address: string) => decodeURIComponent(address.replace('data:image/svg+xml,', ''));

it('leaves out user, password and credentials, and keeps other parameters', () => {
  expect(shown('https://me:pw@a.example/b.png?w=3&token=t&X-Amz-Signature=s&auth_key=u#c')).toBe('https://a.example/b.png?w=3#c');
  expect(shown('/b.png?access-token=t')).toBe('/b.png');
  expect(shown('/b.png?author=ann&tokens=2&designation=x')).toBe('/b.png?author=ann&tokens=2&designation=x');
});

it.each(['PHPSESSID', '_wpnonce', 'userSession', 'sessionid', 'secretKey', 'auth-key', 'authorization'])('takes %s for the name of a credential', (name) => {
  expect(shown(`/b.png?w=3&${name}=t`)).toBe('/b.png?w=3');
});

it('hides a credential in a path', () => {
  expect(shown('/cart;jsessionid=4711/b.png?w=3')).toBe('/cart;jsessionid=**********?w=3');
  expect(masked('/b.png;v=2')).toBe('/b.png;v=2');
});

it('hides what was typed in a drawing in base64, and leaves others', () => {
  typedValues.add('Ann & Bell 4711');

  expect(source(shown(coded('<text>Ann &amp; Bell 4711</text>')))).toBe(drawing('<text>***************</text>'));
  expect(shown(coded('<text>Cid</text>'))).toBe(coded('<text>Cid</text>'));
  expect(shown('data:text/vtt,to%20Ann%20%26%20Bell%204711')).toBe('data:text/vtt,to%20*************');
});

it('leaves out the query where texts are hidden, except parameters that the page names', () => {
  expect(masked('/b.png?name=ann#star')).toBe('/b.png#star');
  expect(masked('/b.png?name=ann&w=3', ['w'])).toBe('/b.png?w=3');
});

it('does the same for each address of srcset', () => {
  expect(masked('/a.png?b=1,2 1x, /c.png?d, /e.png?f 2x')).toBe('/a.png 1x, /c.png, /e.png 2x');
  expect(shown('/a.png?b=1,2&sig=s 1x, /c.png?d=1 2x')).toBe('/a.png?b=1,2 1x, /c.png?d=1 2x');
});

it('masks the texts of a drawing in an address, however it is written', () => {
  const before = '<!-- Ann --><style>.a{fill:red;content:"Ann";--b:Ann}[title=Ann]{x:y}</style><title>Ann</title><text x="1" aria-label="Ann">Ann <tspan>B</tspan></text>';
  const after = drawing('<style>.a{fill:red;content:"***";--b:***}[title=***]{x:y}</style><title>***</title><text x="1" aria-label="">*** <tspan>*</tspan></text>');

  expect(source(masked(coded(before)))).toBe(after);
  expect(source(masked(`data:image/svg+xml,${encodeURIComponent(drawing(before))}`))).toBe(after);
  expect(source(masked(`data:image/svg+xml,${drawing(before)}`))).toBe(after);
  expect(shown(coded(before))).toBe(coded(before));
});

it('writes a drawing so that it can stand in quotes and in url()', () => {
  expect(masked("data:image/svg+xml,<svg style='fill:rgb(1,2,3)'/>")).not.toMatch(/['"()\s]/);
});

it('stores the scheme alone of a drawing that it cannot read, and of other data', () => {
  expect(masked('data:image/svg+xml;base64,%%')).toBe('data:');
  expect(masked('data:text/vtt,Ann')).toBe('data:');
  expect(masked('data:image/png;base64,QQ')).toBe('data:image/png;base64,QQ');
});

describe('an address whose bytes are stored', () => {
  const used: string[][] = [];
  const resources = { isOn: true, use: (url: string, shown: string) => (used.push([url, shown]), `${shown}!`), useSheet: () => undefined, watch: () => undefined };
  const base = 'https://a.example/dir/page';
  const stored = (address: string, isMasked = false) => resourceAddress(address, isMasked, { resources }, base);

  it('is absolute, and known by the whole of it', () => {
    expect(stored('../b.png?token=t&w=3')).toBe('https://a.example/b.png?w=3!');
    expect(used.pop()).toEqual(['https://a.example/b.png?token=t&w=3', 'https://a.example/b.png?w=3']);
  });

  it('is the address of a blob, without that of the style sheet before it', () => {
    expect(stored('https://a.example/css/blob:https://a.example/1-2')).toBe('blob:https://a.example/1-2!');
    expect(used.pop()).toEqual(['blob:https://a.example/1-2', 'blob:https://a.example/1-2']);
  });

  it('is each one of a srcset', () => {
    expect(resourceSet('/a.png?b=1,2 1x, c.png 2x,/d.png', true, { resources }, base)).toBe(
      'https://a.example/a.png! 1x, https://a.example/dir/c.png! 2x,https://a.example/d.png!',
    );
  });

  it('is none of data, of other schemes, or of nothing', () => {
    used.length = 0;
    expect(['data:image/png;base64,AAAA', '#star', '', 'file:///a.png', 'http://['].map((one) => stored(one))).toEqual(['data:image/png;base64,AAAA', '#star', '', 'file:///a.png', 'http://[']);
    expect(used).toEqual([]);
  });

  it('stays as it is where nothing is stored', () => {
    expect(resourceAddress('b.png', false, {}, base)).toBe('b.png');
  });
});

import { expect, it } from 'vitest';
import { absoluteCss, withImports } from './opaque-sheet';

it('makes each address of a style sheet absolute, however it is written', () => {
  const css = `@import "a.css"; a { background: url(b.png), url( "../c.png?d#e" ); src: url('/f.woff2') url(data:x) url(#g) url(https://o.example/h) }`;

  expect(absoluteCss(css, 'https://a.example/css/all.css')).toBe(
    `@import "https://a.example/css/a.css"; a { background: url(https://a.example/css/b.png), url( "https://a.example/c.png?d#e" ); src: url('https://a.example/f.woff2') url(data:x) url(#g) url(https://o.example/h) }`,
  );
  expect(absoluteCss('a { background: url(http://[) }', 'https://a.example/')).toBe('a { background: url(http://[) }');
});

it('puts imported sheets in their places, on their conditions', async () => {
  const css = `@charset "utf-8"; /* @import "old.css"; { */ @import "a.css"; @import url(b.css) layer(base) supports(display: grid) (min-width: 1px), print;@import 'c.css' layer; p { color: red } @import "late.css";`;
  const texts: Record<string, string> = { 'a.css': 'a {}', 'b.css': 'b {}' };

  expect((await withImports(css, async (address) => texts[address])).replace(/ +/g, ' ')).toBe(
    `@charset "utf-8"; a {} @media (min-width: 1px), print {@supports (display: grid) {@layer base {b {}}}}@import 'c.css' layer; p { color: red } @import "late.css";`,
  );
  expect(await withImports('@import "a.css";', async () => 'i {}')).toBe('i {}');
});

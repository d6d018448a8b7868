import { expect, it } from 'vitest';
import { absoluteCss } from './opaque-sheet';

it('makes each address of a style sheet absolute, however it is written', () => {
  const css = `@import "a.css"; a { background: url(b.png), url( "../c.png?d#e" ); src: url('/f.woff2') url(data:x) url(#g) url(https://o.example/h) }`;

  expect(absoluteCss(css, 'https://a.example/css/all.css')).toBe(
    `@import "https://a.example/css/a.css"; a { background: url(https://a.example/css/b.png), url( "https://a.example/c.png?d#e" ); src: url('https://a.example/f.woff2') url(data:x) url(#g) url(https://o.example/h) }`,
  );
  expect(absoluteCss('a { background: url(http://[) }', 'https://a.example/')).toBe('a { background: url(http://[) }');
});

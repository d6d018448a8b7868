import { expect, test } from 'vitest';
import { forShadow } from './styles';

test.each([
  [':root {\n  --a: 1;\n}', '.root {\n  --a: 1;\n}'],
  ['@media print{:root{--a:1}}', '@media print{.root{--a:1}}'],
  ['b{c:d}body{margin:0}', 'b{c:d}.root{margin:0}'],
  ['.body{a:b}tbody{a:b}', '.body{a:b}tbody{a:b}'],
  ['a{font-size:1.5rem;padding:.5rem 2px}', 'a{font-size:24px;padding:8px 2px}'],
  ['a{width:clamp(1rem,1.2rem + 1.2vw,2rem)}', 'a{width:clamp(16px,19.2px + 1.2vw,32px)}'],
  ['a{background:url("x-3remy.svg")}', 'a{background:url("x-3remy.svg")}'],
])('%s becomes %s', (css, expected) => {
  expect(forShadow(css)).toBe(expected);
});

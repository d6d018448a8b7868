import { expect, it } from 'vitest';
import { isKeyword, maskedCss, maskedText } from './masked-text';

const rules = (css: string) => maskedCss(css, true);

it('masks each unit of a text, and keeps white space and the glyphs of icon fonts', () => {
  expect(maskedText('Ann,\n\t47 \ud83d\ude00 \uf101\u00a0x')).toBe('****\n\t** ** \uf101\u00a0*');
});

it('masks the strings of content, of quotes and of custom properties', () => {
  expect(rules('a::after { content: "Ann \\"47\\"; " attr(title) \'}x\'; color: red }')).toBe(
    'a::after { content: "*** \\"**\\"; " attr(title) \'}*\'; color: red }',
  );
  expect(rules('a{--name:"Ann";quotes:"a" "»"}')).toBe('a{--name:"***";quotes:"*" "»"}');
});

it('masks letters that are written as escapes, and keeps other signs', () => {
  expect(rules('a{content:"\\53 e\\000063ret \\f101 \\2014 \\Ann"}')).toBe(
    'a{content:"****** \\f101 \\2014 \\A**"}',
  );
});

it('masks a string that is not closed, since the sheet may come in pieces', () => {
  expect(rules('a{content:"Ann')).toBe('a{content:"***"');
});

it('keeps names of fonts, areas, animations and files', () => {
  const css =
    '@import "a.css"; @font-face { font-family: "Ann"; src: url("a.woff2") format("woff2"), url(data:font/woff;base64,A;B) format("woff") }' +
    ' a { font: 1em "Open Sans"; grid-template-areas: "head head" "main side"; --font-body: "Inter" }';

  expect(maskedCss(css, false)).toBe(css);
});

it('keeps keywords in the selectors of attributes, and masks other values as the attribute itself', () => {
  expect(rules('[data-theme="dark"] [title="Ann B."]{}')).toBe('[data-theme="dark"] [title="*** **"]{}');
});

it('removes comments, except where rrweb joins two texts', () => {
  expect(rules('/* Ann */a{}/* rr_split */b{}/* Bob')).toBe('a{}/* rr_split */b{}');
});

it('removes pictures where they are not to be seen', () => {
  const css = 'a{background:red url(ann.png);mask:url("#m");fill:url(#f);border-image:url( \'data:image/png;base64,A)\' )}';

  expect(rules(css)).toBe(css);
  expect(maskedCss(css, false)).toBe("a{background:red url();mask:url(\"#m\");fill:url(#f);border-image:url( '' )}");
  expect(maskedCss('a{background:image-set("ann.png" 1x)}', false)).toBe('a{background:image-set("" 1x)}');
  expect(maskedCss('url(ann.png)', false, 'background')).toBe('url()');
});

it('reads a large sheet in a moment', () => {
  const css = `a{background:url(data:image/png;base64,${'A'.repeat(1_000_000)})}`;

  expect(rules(css)).toBe(css);
  expect(rules(`a{background:url("${'A'.repeat(12_000_000)}")}`)).toHaveLength(12_000_021);
  expect(rules('a{content:"x"}'.repeat(20_000))).toBe('a{content:"*"}'.repeat(20_000));
  expect(rules(`a{content:${'"x" '.repeat(20_000)}}`)).toBe(`a{content:${'"*" '.repeat(20_000)}}`);
});

it('tells keywords from what a person has written', () => {
  expect(['dark', 'is-open', '', '47', '-1.5', '100%', '12px'].filter(isKeyword)).toHaveLength(7);
  expect(['Dark', 'ann b', '4711471147114711', 'a@b.c', '{"a":1}', 'a'.repeat(20)].filter(isKeyword)).toEqual([]);
});

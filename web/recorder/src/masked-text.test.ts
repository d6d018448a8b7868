import { expect, it } from 'vitest';
import { isKeyword, isSize, maskedCss, maskedText } from './masked-text';

const asIs = (address: string) => address;
const rules = (css: string) => maskedCss(css, true, asIs);

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

  expect(maskedCss(css, false, asIs)).toBe(css);
});

it('keeps keywords in the selectors of attributes, and masks other values as the attribute itself', () => {
  expect(rules('[data-theme="dark"] [title="Ann B."]{}')).toBe('[data-theme="dark"] [title="*** **"]{}');
});

it('masks a value in a selector that has no quotes, and keeps those of attributes that are kept themselves', () => {
  expect(rules('[title=Ann],[data-a|=Bob i],[data-theme=dark]{}')).toBe('[title=***],[data-a|=*** i],[data-theme=dark]{}');
  expect(rules('[class^="icon-"],[class*=" col-"],[id=Main],[type=Text]{}')).toBe('[class^="icon-"],[class*=" col-"],[id=Main],[type=Text]{}');
});

it('masks the words of custom properties that CSS does not know', () => {
  expect(rules('a{--name:Ann B;--code: 471147114711 }b{--at: "Ann" Bob}')).toBe('a{--name:*** *;--code: ************ }b{--at: "***" ***}');
  expect(maskedCss('Ann red', true, asIs, '--name')).toBe('*** red');
  expect(rules('@property --x{syntax:"*";initial-value:Ann}a{--my-value:Ann}')).toBe('@property --x{syntax:"*";initial-value:***}a{--my-value:***}');
  expect(rules('@container style(--name: Ann) { a {} }')).toBe('@container style(--name: ***) { a {} }');
});

it('keeps custom properties that draw something, and classes that look like one', () => {
  const css =
    'a{--c:#0aF0aF;--d:#09F;--bg:0 0% 100%/.5;--s:calc(1.5rem*var(--Gap) - 2px);--t:translateX(10px) rotate(45deg);--e:cubic-bezier(.4,0,.2,1) 1e3ms;' +
    '--f:display-p3;--pic:url(/A/B.png);--font-body:Inter,"Open Sans";--x:currentColor}.card--Active:hover,.a.--B:not(.C){color:red}';

  expect(rules(css)).toBe(css.replace('#0aF0aF', '*******'));
});

it('masks strings in conditions', () => {
  expect(rules('@supports (content: "Ann") {} @container style(--a: "Ann") {}')).toBe('@supports (content: "***") {} @container style(--a: "***") {}');
  expect(rules('@import "a.css" supports(content: "Ann");')).toBe('@import "a.css" supports(content: "***");');
});

it('keeps drawn lines, and asks how to write each address that stays', () => {
  const css = 'a{clip-path:path("M0 0L9.5 9z");offset-path:path(evenodd,"m1-1")}';

  expect(rules(css)).toBe(css);
  expect(rules('a{content:path("Ann: 47")}')).toBe('a{content:path("***: **")}');
  expect(maskedCss('@import "a";@import url(b);c{src:url("d") format("e");background:url(f),image-set("g" 1x)}', true, (address) => `${address}!`)).toBe(
    '@import "a!";@import url(b!);c{src:url("d!") format("e");background:url(f!),image-set("g!" 1x)}',
  );
});

it('removes comments, except where rrweb joins two texts', () => {
  expect(rules('/* Ann */a{}/* rr_split */b{}/* Bob')).toBe('a{}/* rr_split */b{}');
});

it('removes pictures where they are not to be seen', () => {
  const css = 'a{background:red url(ann.png);mask:url("#m");fill:url(#f);border-image:url( \'data:image/png;base64,A)\' )}';

  expect(rules(css)).toBe(css);
  expect(maskedCss(css, false, asIs)).toBe("a{background:red url();mask:url(\"#m\");fill:url(#f);border-image:url( '' )}");
  expect(maskedCss('a{background:image-set("ann.png" 1x)}', false, asIs)).toBe('a{background:image-set("" 1x)}');
  expect(maskedCss('url(ann.png)', false, asIs, 'background')).toBe('url()');
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
  expect(['Dark', 'ann b', '4711471147114711', '48.13715', 'a@b.c', '{"a":1}', 'a'.repeat(20)].filter(isKeyword)).toEqual([]);
});

it('tells a size or a color from what only begins like one', () => {
  expect(['12', '1.5em', '50%', '50%,*', '+1', '#fff', '#A1B2C3', 'red', '10 20'].filter(isSize)).toHaveLength(9);
  expect(['100 Ann', '#Ann', '0Ann Bell', '+1 Ann'].filter(isSize)).toEqual([]);
});

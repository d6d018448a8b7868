import { expect, it } from 'vitest';
import { createTypedValues } from './typed-values';

function typed(...values: string[]) {
  const memory = createTypedValues();
  for (const value of values) memory.add(value);
  return memory;
}

it('hides a typed value wherever it stands in a text', () => {
  expect(typed('Ann Bell').hide('Dear Ann Bell, Ann Bell!')).toBe('Dear ********, ********!');
});

it('hides a short value only if it is the whole text', () => {
  expect(typed('47').hide(' 47\n')).toBe(' **\n');
  expect(typed('47').hide('1947')).toBe('1947');
  expect(typed('a').hide('a')).toBe('a');
});

it('leaves a word of the page that is a short value in other letters', () => {
  const memory = typed('tea', 'own');
  expect(['Tea', 'tea', 'Own', 'TEA'].map(memory.hide)).toEqual(['Tea', '***', 'Own', 'TEA']);
});

it('hides what was typed up to then, which a page may show a moment later', () => {
  const memory = typed('Ann', 'Ann B', 'Ann Bell');

  expect(memory.hide('Ann Be')).toBe('*** **');
  expect(memory.hide('Ann')).toBe('Ann');
});

it('still hides a value after its field was cleared', () => {
  expect(typed('Ann Bell', 'Ann B', '').hide('Ann Bell')).toBe('*** ****');
});

it('hides each line of a text area', () => {
  expect(typed('Dear all,\n  my address:\nMain Street').hide('Main Street 4')).toBe('*********** 4');
});

it('hides a value in an address, where it is written in another way', () => {
  expect(typed('Ann Bell').hide('https://a.example/s/Ann%20Bell')).toBe('https://a.example/s/********');
});

it('hides a value in a path, where fewer signs are written in another way', () => {
  expect(typed('ann@page.example').hide('https://a.example/s/ann@page.example')).toBe('https://a.example/s/****************');
});

it('hides a value in strings and custom properties of a style sheet, and leaves its rules', () => {
  const css = `.b { color: orange; content: "Dear orange"; --name: orange; --other: 'orange' }`;

  expect(typed('orange').hideInCss(css)).toBe(`.b { color: orange; content: "Dear ******"; --name: ******; --other: '******' }`);
  expect(typed('47').hideInCss('a { width: 47px; content: "47" "471" }')).toBe('a { width: 47px; content: "**" "471" }');
});

it('forgets the oldest of many values', () => {
  const memory = typed(...Array.from({ length: 201 }, (_, at) => `value-${at}-`));

  expect(memory.hide('x value-0- value-1-')).toBe('x value-0- ********');
});

it('forgets nothing that a field still holds, however much is typed elsewhere', () => {
  const memory = createTypedValues();
  const [name, story] = ['Ann Bell', ''].map((value) => ({ type: 'text', value }) as HTMLInputElement) as [HTMLInputElement, HTMLInputElement];
  for (const field of [name, story]) memory.watch(field);
  for (let length = 1; length < 200; length += 1) {
    story.value = `It was ${'so '.repeat(length)}long`;
    memory.read();
  }

  expect(memory.hide('Dear Ann Bell')).toBe('Dear ********');
});

it.each([
  ['a/Ann%20%C3%BC%20[1]', 'a/*******'],
  ['a/Ann ü [1]', 'a/*********'],
  ['/100%/Ann%20%C3%BC%20[1]', '/100%/*******'],
])('hides a value in %s, however it is written', (address, hidden) => {
  expect(typed('Ann ü [1]').hide(address)).toBe(hidden);
});

it('hides a value in small and in large letters', () => {
  expect(typed('Ann Bell').hide('ANN BELL, ann bell')).toBe('********, ********');
});

it.each(['4711 1147 4711 1147', '4711-1147-4711-1147', '4711 1147 4711 1147'])('hides the number of a card as %s', (shown) => {
  expect(typed('4711114747111147').hide(`card ${shown}.`)).toBe(`card ${'*'.repeat(shown.length)}.`);
  expect(typed(shown).hide('card 4711114747111147.')).toBe(`card ${'*'.repeat(16)}.`);
});

it('hides a number with separators, and no short word in groups', () => {
  expect(typed('85000').hide('of 85,000.00 €')).toBe('of ******.00 €');
  expect(typed('theme').hide('the menu')).toBe('the menu');
});

it.each([JSON.stringify('Jürgen "J" Müller'), 'J\\u00fcrgen \\"J\\" M\\u00fcller', 'J&uuml;rgen &quot;J&quot; M&#252;ller', 'J%25C3%25BCrgen%2520J%2520M%25C3%25BCller', 'J%FCrgen%20J%20M%FCller'])(
  'hides a value in the code %s',
  (shown) => {
    expect(typed('Jürgen "J" Müller').hide(`x: ${shown}`)).not.toMatch(/rgen|ller/);
  },
);

it('hides the longer of two values that begin alike', () => {
  const memory = createTypedValues();
  for (const value of ['Ann-Sofie', 'Ann-Sofie Bell']) memory.watch({ type: 'text', value } as HTMLInputElement);
  memory.read();

  expect(memory.hide('Dear Ann-Sofie Bell')).toBe('Dear **************');
});

it('hides many places of a large text in one pass', () => {
  const text = 'javascript '.repeat(20_000);

  expect(typed('JavaScript').hide(text)).toBe('********** '.repeat(20_000));
});

it.each(['https', 'https://', 'http:', 'https://www.'])('leaves addresses while a person types %s', (typedSoFar) => {
  expect(typed(typedSoFar).hide('https://www.a.example/')).toBe('https://www.a.example/');
});

it.each(['month', 'week', 'time'])('knows what is typed into a field for a %s', (type) => {
  const memory = createTypedValues();
  memory.watch({ type, value: '1971-04' } as HTMLInputElement);
  memory.read();

  expect(memory.hide('born 1971-04')).toBe('born *******');
});

it('knows the name of a chosen file', () => {
  const memory = createTypedValues();
  memory.watch({ type: 'file', value: 'C:\\fakepath\\ann.pdf' } as HTMLInputElement);
  memory.read();

  expect(memory.hide('Chosen: ann.pdf')).toBe('Chosen: *******');
});

it('hides in names what is no word of a page', () => {
  const memory = typed('ann@page.example', 'button', 'Search', 'userName47');

  expect(memory.hideNames('.button .Search #u-userName47 [data-username47] ann@page.example')).toBe('.button .Search #u-__________ [data-__________] ________________');
});

it('leaves an address as it was written that has no such value, or cannot be read', () => {
  const memory = typed('Ann Bell');

  for (const address of ['/a%20b+c%2Fd', '/100%', '/p.svg 1x, /q.svg 2x']) expect(memory.hide(address)).toBe(address);
  expect(memory.hide('/100%/Ann Bell')).toBe('/100%/********');
});

it('knows nothing before something was typed', () => {
  expect(typed().hide('Ann')).toBe('Ann');
});

it('reads the fields that it knows, whatever they hold by then', () => {
  const memory = createTypedValues();
  const field = { type: 'text', value: '' } as HTMLInputElement;
  const hidden = { type: 'hidden', value: 'Ann Bell' } as HTMLInputElement;
  for (const one of [field, hidden]) memory.watch(one);
  memory.read();
  field.value = 'Main Street';
  memory.read();

  expect(memory.hide('Ann Bell, Main Street')).toBe('Ann Bell, ***********');
});

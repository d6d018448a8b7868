import { expect, it } from 'vitest';
import { createCleaner } from './cleaner';
import { createErrorTeller } from './errors';

function given(privacy: 'inputs' | 'text' | 'private' = 'inputs') {
  const told: Record<string, unknown>[] = [];
  const tell = createErrorTeller(createCleaner({ privacy }), (_, data) => void told.push((data as { payload: Record<string, unknown> }).payload));
  return { tell, told };
}
const AT = { filename: 'https://a.example/a.js?v=1', lineno: 3, colno: 4 };

it('tells an exception with its place', () => {
  const { tell, told } = given();
  const error = Object.assign(new TypeError('no'), { stack: 'TypeError: no\n    at pay (https://a.example/a.js?v=1:3:4)\n    at Array.forEach (<anonymous>)' });
  tell({ ...AT, message: 'Uncaught TypeError: no', error });

  expect(told).toEqual([{ kind: 'error', message: 'Uncaught TypeError: no', source: 'https://a.example/a.js', line: 3, column: 4, stack: '    at pay (https://a.example/a.js:3:4)' }]);
});

it.each([
  ['an error', new RangeError('far'), 'RangeError: far'],
  ['a text', 'far', 'far'],
  ['nothing', undefined, 'undefined'],
  ['a symbol', Symbol('far'), 'Symbol(far)'],
  ['an object', { code: 1 }, '[object Object]'],
])('tells a rejection with %s', (_, reason, message) => {
  const { tell, told } = given();
  tell({ reason });

  expect(told).toMatchObject([{ kind: 'unhandledrejection', message, source: undefined }]);
});

it('says no more of the message in the stack than the level allows', () => {
  const { tell, told } = given('text');
  tell({ ...AT, message: 'no ann@page.example', error: Object.assign(new Error('x'), { stack: 'Error: no ann@page.example\n    at pay (https://a.example/a.js:3:51234)' }) });

  expect(told).toMatchObject([{ message: 'no ****************', stack: '    at pay (https://a.example/a.js:3:51234)' }]);
});

it('takes no line of a message for one of the stack', () => {
  const { tell, told } = given('private');
  const frames = '    at pay (https://a.example/a.js:3:4)';
  tell({ error: Object.assign(new Error('x'), { stack: `Error: Ann at 10:30:15\n${frames}` }) });
  tell({ error: Object.assign(new Error('two\n    at Ann:1:2'), { stack: `Error: two\n    at Ann:1:2\n${frames}` }) });
  tell({ error: { stack: 'pay@https://a.example/a.js:3:4\nglobal code@https://a.example/a.js:3:4' } });

  expect(told.map(({ stack }) => stack)).toEqual([frames, frames, 'pay@https://a.example/a.js:3:4\nglobal code@https://a.example/a.js:3:4']);
});

it('bounds message and stack, and the number of errors of a page', () => {
  const { tell, told } = given();
  for (let n = 0; n < 500; n += 1) tell({ ...AT, message: 'x'.repeat(9_999), error: { stack: 'f@https://a.example/a.js:1:2\n'.repeat(9_999) } });

  expect(told).toHaveLength(50);
  expect([String(told[0]!['message']).length, String(told[0]!['stack']).length]).toEqual([1_000, 4_000]);
});

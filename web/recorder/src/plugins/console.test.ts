import { expect, it } from 'vitest';
import { framesOf, levelsOf } from './console';

const ALL = ['error', 'warn', 'info', 'log', 'debug'];

it.each([true, '', 'true', []])('takes %j as all levels', (option) => {
  expect(levelsOf(option)).toEqual(ALL);
});

it.each(['error warn', 'error,warn', ' error,  warn ', ['error', 'warn'] as const])('takes the levels of %j', (option) => {
  expect(levelsOf(option)).toEqual(['error', 'warn']);
});

it('refuses a level that is none, by its name', () => {
  expect(() => levelsOf('error warning')).toThrow('console takes error, warn, info, log, debug, got warning');
});

it('gives the frames after those of the recorder, alike in each browser', () => {
  const chromium = 'Error\n    at call (https://tag.example/page-copy.js:1:2)\n    at Object.apply (https://tag.example/page-copy.js:1:9)\n    at pay (https://a.example/a.js:3:4)\n    at Array.forEach (<anonymous>)\n    at https://a.example/a.js:9:1';
  const firefox = 'call@https://tag.example/page-copy.js:1:2\napply@https://tag.example/page-copy.js:1:9\npay@https://a.example/a.js:3:4\n@https://a.example/a.js:9:1\n';

  for (const stack of [chromium, firefox]) expect(framesOf(stack)).toEqual(['pay (https://a.example/a.js:3:4)', 'https://a.example/a.js:9:1']);
  expect([framesOf(undefined), framesOf('Error')]).toEqual([[], []]);
});

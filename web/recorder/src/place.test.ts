import { expect, it } from 'vitest';
import { levelOf } from './place';

it('masks all texts of a site that names no level, and only inputs for a signed-in user', () => {
  expect(levelOf({ writeUrl: 'https://api.example/w/wk_1' } as object)).toBe('text');
  expect(levelOf({ apiUrl: 'https://api.example' } as object)).toBe('inputs');
  expect(levelOf({ apiUrl: 'https://api.example', writeUrl: undefined } as object)).toBe('inputs');
  expect(levelOf({ writeUrl: '', privacy: 'inputs' } as object)).toBe('inputs');
});

it('takes a level that it does not know for the strictest', () => {
  expect(levelOf({ privacy: 'Text' as 'text' })).toBe('private');
});

import { expect, test } from 'vitest';
import { readMasksOfRules, withReadableMasks } from './mask-composites';

test.for([
  ['a { mask: linear-gradient(red, blue) content-box xor, url("a;xor.svg") source-in; color: red }', 'a { mask: linear-gradient(red, blue) content-box exclude, url("a;xor.svg") intersect; color: red }'],
  ['a { mask: url(xor.png) source-over; }', 'a { mask: url(xor.png) add; }'],
  ['a { mask: none; } .xor { animation: copy 1s; }', 'a { mask: none; } .xor { animation: copy 1s; }'],
] as const)('%s', ([css, readable]) => {
  expect(withReadableMasks(css)).toBe(readable);
});

test('rules of scripts are read, too', () => {
  const rule = 'a { mask: none xor; }';
  const [added, adopted] = [{ source: 8, adds: [{ rule }, 1] }, { source: 15, styles: [{ rules: [{ rule }] }, null] }];
  for (const one of [added, adopted]) readMasksOfRules(one);

  expect([added.adds[0], adopted.styles[0]!.rules[0]]).toEqual([{ rule: 'a { mask: none exclude; }' }, { rule: 'a { mask: none exclude; }' }]);
});

import { expect, test } from 'vitest';
import { type MediaFacts, mediaFactsOf, schemeOf, withFacts } from './media-features';

const told = (payload: unknown): MediaFacts | undefined => mediaFactsOf({ type: 5, data: { tag: 'rrweb-store:media', payload } });
const DARK = told({ 'prefers-color-scheme': 'dark', 'any-pointer': 'fine coarse', hover: 'none', resolution: 2, screen: [400, 800] })!;
const [ALWAYS, NEVER] = ['(min-width: 0px)', '(max-width: -1px)'];

test.for([
  ['(prefers-color-scheme: dark)', ALWAYS],
  ['(prefers-color-scheme: light)', NEVER],
  ['screen and (PREFERS-COLOR-SCHEME:dark)', `screen and ${ALWAYS}`],
  ['not all and (prefers-color-scheme: dark), print', `not all and ${ALWAYS}, print`],
  ['(hover)', NEVER],
  ['(any-pointer: coarse) and (any-pointer: fine)', `${ALWAYS} and ${ALWAYS}`],
  ['(prefers-reduced-motion)', NEVER],
  ['(prefers-reduced-motion: no-preference)', ALWAYS],
  ['(scripting: enabled)', ALWAYS],
  ['(min-resolution: 1.5dppx)', ALWAYS],
  ['(max-resolution: 96dpi)', NEVER],
  ['(resolution: 192dpi)', ALWAYS],
  ['(-webkit-min-device-pixel-ratio: 2)', ALWAYS],
  ['(-webkit-max-device-pixel-ratio: 1.5)', NEVER],
  ['(resolution > 2x)', NEVER],
  ['(1dppx <= resolution <= 2dppx)', ALWAYS],
  ['(min-resolution: 2parsec)', NEVER],
  ['only screen and (max-device-width: 480px)', `only screen and ${ALWAYS}`],
  ['(min-device-width: 30em)', NEVER],
  ['(device-height: 800px)', ALWAYS],
  ['(device-width)', ALWAYS],
  ['(300px <= device-width < 400px)', NEVER],
  ['(max-device-aspect-ratio: 1/2)', ALWAYS],
  ['(device-aspect-ratio > 9 / 16)', NEVER],
  ['((hover: hover) or (min-width: 500px))', `(${NEVER} or (min-width: 500px))`],
  ['(min-width: 500px) and (orientation: landscape)', '(min-width: 500px) and (orientation: landscape)'],
  ['(min-width: calc(1px * 500))', '(min-width: calc(1px * 500))'],
  ['((((', '(((('],
] as const)('the visitor\'s browser answers %s', ([media, answered]) => {
  expect(withFacts(media, DARK)).toBe(answered);
});

test('of several schemes the visitor saw one', () => {
  expect(schemeOf('light dark', DARK)).toBe('dark');
  expect(schemeOf('dark light', told({})!)).toBe('light');
  expect(['dark', 'only light', 'normal', ''].map((declared) => schemeOf(declared, DARK))).toEqual([undefined, undefined, undefined, undefined]);
});

test('what cannot be true is left out', () => {
  for (const payload of [null, 'x', [], undefined]) expect(told(payload)).toBeUndefined();
  const strange = told({ hover: { toString: 'x' }, 'any-hover': 5, scripting: 'none', resolution: -1, constructor: 'x' })!;

  expect(strange.resolution).toBe(1);
  expect(told({ resolution: 1e9 })!.resolution).toBe(1);
  expect(withFacts('(hover: hover) and (any-hover) and (scripting: enabled)', strange)).toBe(`${ALWAYS} and ${ALWAYS} and ${ALWAYS}`);
});

import { expect, test } from 'vitest';
import { controlRules } from './control-rules';

const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const CHROME_ON_IOS = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1';

test('the rules are those of the visitor’s engine', () => {
  expect(controlRules(FIREFOX, CHROMIUM)).toContain(':where(input[type=range]) { width: 160px; height: 20px }');
  expect(controlRules(CHROME_ON_IOS, CHROMIUM)).toContain(':where(input[type=range]) { width: 129px }');
});

test.for([
  [CHROMIUM, CHROMIUM],
  [CHROME_ON_IOS, CHROME_ON_IOS],
  ['', CHROMIUM],
  ['curl/8', FIREFOX],
])('there are none where the engine is the same or unknown: %s', ([visitors, watchers]) => {
  expect(controlRules(visitors!, watchers!)).toEqual([]);
});

test('no rule is stronger than any of the page', () => {
  expect(controlRules(FIREFOX, CHROMIUM).every((rule) => rule.startsWith(':where('))).toBe(true);
});

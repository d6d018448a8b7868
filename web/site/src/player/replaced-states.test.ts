import { expect, test } from 'vitest';
import { withAttributes } from './replaced-states';

test.for([
  ['a:hover', 'a[data-store-hover]'],
  ['a:hover, a.\\:hover', 'a[data-store-hover], a[data-store-hover]'],
  ['a:not(:hover), a:not(.\\:hover)', 'a:not([data-store-hover]), a:not([data-store-hover])'],
  [':focus-visible:not(:focus)', '[data-store-focus-visible]:not([data-store-focus])'],
  [':host(:focus-within) ::slotted(:active)', ':host([data-store-focus-within]) ::slotted([data-store-active])'],
  ['my-card:not(:defined)', 'my-card:not(:not([data-store-undefined]))'],
  ['input:user-invalid + :user-valid', 'input[data-store-user-invalid] + [data-store-user-valid]'],
  [':host(:state(--on)):state(big) [title=":state(x)"]', ':host([data-store-states~="--on"])[data-store-states~="big"] [title=":state(x)"]'],
  ['.hover\\:red:hover', '.hover\\:red[data-store-hover]'],
  ['li:target, :target-within', 'li[data-store-target], :target-within'],
  ['x-field:invalid, input:user-valid:valid', 'x-field:is(:invalid, [data-store-invalid]), input[data-store-user-valid]:is(:valid, [data-store-valid])'],
  ['iframe[src*="tube"]', 'iframe:is([src*="tube"], [data-store-own-src*="tube"])'],
  ['[title=":hover"]:hover', '[title=":hover"][data-store-hover]'],
  ['[title="\\":hover"]', '[title="\\":hover"]'],
  ['a[target="_blank"]:hover::after', 'a:is([target="_blank"], [data-store-own-target="_blank"])[data-store-hover]::after'],
  ['a[download], form[action^="/:hover" i]', 'a:is([download], [data-store-own-download]), form:is([action^="/:hover" i], [data-store-own-action^="/:hover" i])'],
  ['[title="[target]"], [targets], [data-target="a"]', '[title="[target]"], [targets], [data-target="a"]'],
  [':hover-of-mine, :active-view-transition', ':hover-of-mine, :active-view-transition'],
] as const)('%s asks for what was recorded', ([selector, replaced]) => {
  expect(withAttributes(selector)).toBe(replaced);
});

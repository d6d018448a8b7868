/** Pages that freeze what the recorder hooks, as those of a hardened language do: nothing is thrown, and what needs no hook is recorded. */
import { expect, test } from 'vitest';
import { browser } from './chromium';
import { recordGuest } from './guest';

const EVERY_PROTOTYPE = `for (const name of Object.getOwnPropertyNames(window)) { const { prototype } = window[name] ?? {}; if (prototype) Object.freeze(prototype) }`;

/** What is frozen, and which of the two things that a script does then are recorded: a rule, and a value. */
const FROZEN: readonly (readonly [script: string, isRuleRecorded: boolean, isValueRecorded: boolean])[] = [
  ['Object.freeze(Element.prototype)', true, true],
  ['Object.freeze(Node.prototype)', true, true],
  ['Object.freeze(EventTarget.prototype)', true, true],
  ['Object.freeze(Document.prototype)', true, true],
  ['Object.freeze(document)', true, true],
  ['Object.freeze(History.prototype)', true, true],
  ['Object.freeze(CSSStyleDeclaration.prototype)', true, true],
  ['Object.freeze(CSSMediaRule.prototype)', true, true],
  ['Object.freeze(HTMLInputElement.prototype)', true, false],
  ['Object.freeze(HTMLOptionElement.prototype)', true, true],
  ['Object.freeze(HTMLSelectElement.prototype)', true, true],
  ['Object.freeze(CSSStyleSheet.prototype)', false, true],
  ['Object.freeze(customElements)', true, true],
  [EVERY_PROTOTYPE, false, false],
];
const BODY = '<style id="sheet">u { color: red }</style><input id="field">';
const ACT = "sheet.sheet.insertRule('i { color: green }', 0); field.value = 'new';";

const seen = ({ said, told, events }: Awaited<ReturnType<typeof recordGuest>>): object => {
  const changes = events.filter(({ type }) => type === 3).map(({ data }) => (data as { source: number }).source);
  return { said, told, isAdded: JSON.stringify(events).includes('"added"'), isRuleRecorded: changes.includes(8), isValueRecorded: changes.includes(5) };
};

const CASES = FROZEN.flatMap(([script, ...expected]) => (['tag', 'module'] as const).map((by) => [by, script, ...expected] as const));

test.for(CASES)('before the recorder came as a %s: %s', async ([by, script, isRuleRecorded, isValueRecorded]) => {
  const guest = await recordGuest(browser, BODY, { script, act: ACT, by });

  expect(seen(guest)).toEqual({ said: 'nothing', told: 'nothing', isAdded: true, isRuleRecorded, isValueRecorded });
});

test.for(['tag', 'module'] as const)('after the recorder came as a %s', async (by) => {
  const guest = await recordGuest(browser, BODY, { act: `${EVERY_PROTOTYPE}; Object.freeze(document); Object.freeze(customElements); ${ACT}`, by });

  expect(seen(guest)).toEqual({ said: 'nothing', told: 'nothing', isAdded: true, isRuleRecorded: true, isValueRecorded: true });
});

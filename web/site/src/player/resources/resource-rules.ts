import { withUrls } from './resource-elements';
import type { ResourceStore } from './resource-store';

/** A style sheet, or a rule that is a list of rules. */
interface RuleList {
  readonly cssRules: CSSRuleList;
  insertRule: (rule: string, index?: number) => number;
  deleteRule: (index: number) => void;
}

/** A browser writes no value of a shorthand with `var()` of which another declaration overrides a part. */
const NO_VALUE = /[{;] -?[a-z][a-z-]*: ?;/;

/** Rules that name no file. rrweb changes some in place: `forget` them then. */
let plain = new WeakSet<CSSRule>();

export function forgetRules(): void {
  plain = new WeakSet();
}

/** Puts the bytes that the recording has in place of the addresses of a style sheet. Each rule keeps its place, by which rrweb names it. */
export function showInRules(list: RuleList, store: ResourceStore): void {
  const { cssRules } = list;
  for (let index = 0; index < cssRules.length; index++) {
    const rule = cssRules[index]!;
    if (plain.has(rule)) continue;
    if (isGroup(rule)) {
      showInRules(rule, store);
      continue;
    }
    const { cssText, style } = rule as CSSStyleRule;
    if (!cssText.includes('url(')) {
      plain.add(rule);
      continue;
    }
    if (NO_VALUE.test(cssText)) {
      showInStyle(style, store);
      continue;
    }
    const shown = withUrls(cssText, store);
    if (shown !== cssText) replace(list, index, shown);
  }
}

/** The text of the rule lacks values that the rule has. */
function showInStyle(style: CSSStyleDeclaration, store: ResourceStore): void {
  for (const name of [...style]) {
    const value = style.getPropertyValue(name);
    const shown = withUrls(value, store);
    if (shown !== value) style.setProperty(name, shown, style.getPropertyPriority(name));
  }
}

function replace(list: RuleList, index: number, text: string): void {
  try {
    list.insertRule(text, index + 1);
  } catch {
    return; // such as a rule of keyframes, which stays as it is
  }
  list.deleteRule(index);
}

/** Rules of `@media` and the like. A style rule with rules in it is taken as a whole. */
function isGroup(rule: CSSRule): rule is CSSRule & RuleList {
  return 'cssRules' in rule && 'insertRule' in rule && !('selectorText' in rule);
}

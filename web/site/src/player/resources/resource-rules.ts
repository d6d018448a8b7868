import { withUrls } from './resource-elements';
import type { ResourceStore } from './resource-store';

/** A style sheet, or a rule that is a list of rules. */
interface RuleList {
  readonly cssRules: CSSRuleList;
  insertRule: (rule: string, index?: number) => number;
  deleteRule: (index: number) => void;
}

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
    const { cssText } = rule;
    if (!cssText.includes('url(')) {
      plain.add(rule);
      continue;
    }
    const shown = withUrls(cssText, store);
    if (shown !== cssText) replace(list, index, shown);
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

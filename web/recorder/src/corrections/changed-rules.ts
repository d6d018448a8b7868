import { absoluteCss } from '../opaque-sheet';
import type { AdoptedSheets } from './adopted-sheets';
import { safely } from './hooked-members';
import type { Recorded } from './index';
import { type Change, MUTATION, STYLE_DECLARATION, STYLE_SHEET_RULE, eventOf } from './recorded-nodes';

/** At each look at rules that the page holds, at most this many of them: their text takes the browser 5 µs each. */
const RULES_AT_ONCE = 50;
/** More are not looked at again; the oldest are forgotten. */
const MAX_HELD = 1_000;
/** A script may touch all rules of a large sheet. They are compared in turns of this length. */
const TURN_MS = 8;

type Path = readonly number[];
type Rules = ArrayLike<CSSRule> | undefined;
type Holder = { cssRules?: Rules };

/**
 * Make what records a rule that the page changes in place, as one that is put in place of it.
 *
 * rrweb 2.1.6 records `insertRule`, `deleteRule` and `setProperty` of rules and the groups around them, and nothing else:
 * no `rule.style.color = …`, `cssText`, `selectorText`, keyframes or nested rules. No issue names these yet; the nearest is
 * https://github.com/rrweb-io/rrweb/issues/650. Right would be to compare the text of the rules that the page has asked for.
 *
 * web/site/browser/styles-by-script.test.ts says when this can go.
 */
export function createChangedRules({ emit, idOf, nodeOf }: Recorded, adopted: AdoptedSheets, quietly: <T>(work: () => T) => T) {
  /** Rules that the page has asked for, the newest last, with the text that is recorded of each. */
  const held = new Map<CSSRule, string>();
  const touched = new Set<CSSRule>();
  /** Style elements whose rules have changed since rrweb last told of changed nodes. */
  const ahead = new Set<number>();
  let isUnplaced = false;

  /** The page may change this rule in a moment, or later. */
  function touch(rule: CSSRule): void {
    while (rule.parentRule && (!('insertRule' in rule.parentRule) || /Declarations/.test(rule.constructor.name))) rule = rule.parentRule;
    if (!held.has(rule)) held.set(rule, rule.cssText);
    touched.add(rule);
  }

  /** Tell what has changed of the rules that were touched; returns whether there are more of them. */
  function check(): boolean {
    const ends = performance.now() + TURN_MS;
    for (const rule of touched) {
      touched.delete(rule);
      compare(rule);
      if (performance.now() > ends) return touched.size > 0;
    }
    for (const [oldest] of held) {
      if (held.size <= MAX_HELD) break;
      held.delete(oldest);
    }
    return false;
  }

  function look(): void {
    for (const [rule, text] of [...held].slice(0, RULES_AT_ONCE)) {
      held.delete(rule);
      held.set(rule, text); // the last to be looked at again
      compare(rule);
    }
  }

  function compare(rule: CSSRule): void {
    const sheet = rule.parentStyleSheet;
    const text = sheet && rule.cssText;
    if (!text) return void held.delete(rule);
    if (text === held.get(rule)) return;
    held.set(rule, text);
    const of = ownerOf(sheet);
    const path = of && pathOf(rule);
    if (!path) return;
    const next = [...path];
    next[next.length - 1]! += 1;
    const index = (at: Path) => (at.length > 1 ? at : at[0]);
    tell({ ...of, adds: [{ rule: absoluteCss(text, sheet.href ?? document.baseURI), index: index(path) }], removes: [{ index: index(next) }] });
  }

  function tell(data: { readonly id?: number; readonly [more: string]: unknown }): void {
    emit(eventOf({ source: STYLE_SHEET_RULE, ...data }));
    if (data.id) ahead.add(data.id);
  }

  /** How rrweb names a style sheet; undefined of one that is not recorded. */
  function ownerOf(sheet: CSSStyleSheet): { id: number } | { styleId: number } | undefined {
    const id = sheet.ownerNode ? idOf(sheet.ownerNode) : -1;
    const styleId = adopted.idOf(sheet);
    return id > 0 ? { id } : styleId ? { styleId } : undefined;
  }

  function correct(change: Change): void {
    const { source, id, styleId, adds = [], removes = [], index } = change;
    if (source === MUTATION) return restoreRules(change);
    if (source !== STYLE_SHEET_RULE && source !== STYLE_DECLARATION) return;
    if (id) ahead.add(id);
    const sheet = styleId ? adopted.sheetOf(styleId) : ((nodeOf(id!) as HTMLStyleElement | null)?.sheet ?? undefined);
    const paths = [...adds, ...removes].map((one) => one.index);
    if (source === STYLE_DECLARATION) {
      const rule = sheet && ruleAt(sheet, index!);
      if (rule) touch(rule);
      if (rule || index!.includes(-1)) empty(change); // it is told with all else that changes of the rule
    } else if (paths.some((path) => Array.isArray(path) && path.includes(-1))) {
      isUnplaced = true;
      empty(change);
    } else if (sheet && adds.some((one) => (one.index as number) > sheet.cssRules.length)) empty(change); // the page gets an error
  }

  /** rrweb tells of a text at the end of the task, and of a rule at once: those that came after the text are told again. */
  function restoreRules({ texts = [], adds = [], removes = [] }: Change): void {
    if (ahead.size === 0) return;
    const parents = [...adds, ...removes].map(({ parentId }) => parentId);
    const changed = new Set([...parents, ...texts.map(({ id }) => idOf(nodeOf(id)?.parentNode as Node))]);
    for (const id of ahead) {
      const style = nodeOf(id) as HTMLStyleElement | null;
      if (changed.has(id) && style?.sheet && style.nodeName === 'STYLE') queueMicrotask(safely(() => tellAll(id, style)));
    }
    ahead.clear();
  }

  function tellAll(id: number, { sheet, textContent }: HTMLStyleElement): void {
    const texts = [...(sheet?.cssRules ?? [])].map(({ cssText }) => cssText);
    const parsed = new CSSStyleSheet(); // the rules that a replay has by now
    parsed.replaceSync(textContent ?? '');
    const written = [...parsed.cssRules].map(({ cssText }) => cssText);
    if (texts.join() === written.join()) return;
    tell({ id, adds: texts.map((rule, index) => ({ rule, index })), removes: written.map(() => ({ index: texts.length })) });
  }

  return {
    touch,
    /** Rules are about to come into this group, or to go from it. */
    regroup(group: CSSRule, isKnown: boolean): void {
      if (!isKnown || isUnplaced) touch(group);
      isUnplaced = false;
    },
    check: () => quietly(check),
    look: () => quietly(look),
    holds: (): boolean => held.size > 0,
    correct: (change: Change) => quietly(() => correct(change)),
  };
}

/** By the holder of rules: where the last one was found. The next is often the one after it. */
const lastFound = new WeakMap<object, number>();

function pathOf(rule: CSSRule): Path | undefined {
  const path: number[] = [];
  for (let one: CSSRule | null = rule; one; one = one.parentRule) {
    const index = indexIn((one.parentRule ?? one.parentStyleSheet) as Holder | null, one);
    if (index < 0) return undefined;
    path.unshift(index);
  }
  return path;
}

function indexIn(holder: Holder | null, rule: CSSRule): number {
  const rules = holder?.cssRules;
  const length = rules?.length ?? 0;
  const first = lastFound.get(holder!) ?? 0;
  for (let n = first; n < first + length; n++) {
    if (rules![n % length] !== rule) continue;
    lastFound.set(holder!, n % length);
    return n % length;
  }
  return -1;
}

function ruleAt(sheet: CSSStyleSheet, path: Path): CSSRule | undefined {
  let at: Holder | undefined = sheet;
  for (const index of path) at = at?.cssRules?.[index] as Holder | undefined;
  return at as CSSRule | undefined;
}

/** Make an event that says nothing, which is not sent. */
function empty(change: Change): void {
  for (const name of Object.keys(change)) delete change[name as keyof Change];
  change.source = STYLE_SHEET_RULE;
}

import { createAdoptedSheets } from './adopted-sheets';
import { createChangedRules } from './changed-rules';
import { type Classes, createHooks, createListening, createSoon, safely } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { FULL_SNAPSHOT, type RecordedElement, changeOf, customEvent } from './recorded-nodes';
import { createSheetSwitches } from './sheet-switches';
import { completedStyle, learn } from './sheet-text';

/**
 * A custom event of rrweb's with this tag tells that a script has taken away a font, or all of its fonts; docs/recorder.md has
 * its payload. rrweb 2.1.6 tells only of those that are added; no issue names it yet.
 * web/site/browser/fonts-by-script.test.ts says when this can go.
 */
export const FONTS_TAG = 'rrweb-store:fonts';
/** How often what the page holds is looked at: a rule's declarations may change long after the page has asked for them. */
const LOOK_MS = 200;
const RULE_CLASS = /^CSS\w*(?:Rule|Declarations)$/;

/**
 * Record what scripts change of style sheets, and rrweb does not see. A page that does not ask for a rule, a list of
 * adopted sheets or a sheet's media costs nothing: no text is read, and no timer runs.
 */
export function watchStyles(recorded: Recorded): Watcher {
  const { hook, hookAll, quietly, enter, stop } = createHooks(hookWindow);
  const adopted = createAdoptedSheets(recorded, quietly);
  const rules = createChangedRules(recorded, adopted, quietly);
  const switches = createSheetSwitches(recorded, quietly);
  const listening = createListening();
  /** What a list of media belongs to. */
  const mediaOwners = new WeakMap<object, CSSRule | CSSStyleSheet>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const soon: () => void = createSoon(() => {
    if (listening.isStopped()) return;
    if (rules.check()) setTimeout(soon, 0);
    switches.check();
    adopted.check();
    if (rules.holds() || adopted.holds()) timer ??= setInterval(look, LOOK_MS);
  });

  const look = safely(() => {
    rules.look();
    adopted.look();
  });

  const then =
    <T>(work: (object: T) => void) =>
    (object: T): void => {
      work(object);
      soon();
    };
  const touchRule = then(rules.touch);
  const touchRoot = then(adopted.touch);
  const touchElement = then(switches.touch);
  const touchSheet = then((sheet: CSSStyleSheet) => (sheet.ownerNode ? switches.touch(sheet.ownerNode) : adopted.touchUsers(sheet)));
  const askMedia = (owner: (CSSMediaRule | CSSStyleSheet) & (CSSRule | CSSStyleSheet)): void => mediaOwners.set(quietly(() => owner.media), owner) && undefined;
  const touchMedia = (media: object): void => {
    const owner = mediaOwners.get(media);
    if (owner) ('parentRule' in owner ? touchRule : touchSheet)(owner as never);
  };

  function hookWindow(classes: Classes): void {
    for (const name of Object.getOwnPropertyNames(classes)) {
      if (!RULE_CLASS.test(name) || !classes[name] || name === 'CSSRule') continue;
      for (const [member, { set, value }] of Object.entries(Object.getOwnPropertyDescriptors(classes[name].prototype))) {
        const regroups = /^(?:insert|append|delete)Rule$/.test(member);
        if (regroups && value) hook(classes[name], member, { call: then((group: CSSRule) => rules.regroup(group, name === 'CSSGroupingRule')) });
        else if (member === 'media') hook(classes[name], member, { get: askMedia, set: touchRule });
        else if (/^style(?:Map)?$/.test(member)) hook(classes[name], member, { get: touchRule, set: touchRule });
        else if (set) hook(classes[name], member, { set: touchRule });
      }
    }
    hookAll(classes, { CSSStyleSheet: ['insertRule', 'replace', 'replaceSync'] }, (_, [css]) => quietly(() => learn(css as string)));
    hookAll(classes, { StyleSheet: ['disabled'] }, touchSheet);
    hookAll(classes, { FontFaceSet: ['delete', 'clear'] }, (_, [face]) => {
      const { family, weight, style } = Object(face) as Partial<FontFace>;
      recorded.emit(customEvent(FONTS_TAG, { family, weight, style }));
    });
    hook(classes['StyleSheet'], 'media', { get: askMedia, set: touchSheet });
    hookAll(classes, { MediaList: ['mediaText', 'appendMedium', 'deleteMedium'] }, touchMedia);
    hookAll(classes, { HTMLStyleElement: ['disabled'], HTMLLinkElement: ['disabled'] }, touchElement);
    for (const name of ['Document', 'ShadowRoot']) hook(classes[name], 'adoptedStyleSheets', { get: touchRoot, set: touchRoot });
  }

  function complete({ id, attributes }: Pick<RecordedElement, 'id' | 'attributes'>): void {
    const { style } = attributes;
    if (typeof style === 'string') attributes['style'] = completedStyle(style, recorded.nodeOf(id) as Element);
  }

  enter(document);
  return {
    correct(event) {
      if (event.type === FULL_SNAPSHOT) adopted.forget();
      const change = changeOf(event);
      if (!change) return;
      change.attributes?.forEach(complete);
      rules.correct(change);
      adopted.correct(change);
      switches.correct(change);
      soon();
    },
    entered(root) {
      enter(root);
      listening.listen(root, 'load', switches.loaded); // it does not bubble
    },
    built(node, element) {
      complete(node);
      switches.built(node, element);
      if (node.isShadowHost) adopted.built(node.id);
    },
    stop() {
      listening.stop();
      clearInterval(timer);
      stop();
    },
  };
}

import { createAdoptedSheets } from './adopted-sheets';
import { createChangedRules } from './changed-rules';
import { createHooks, createListening, createSoon, safely } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { FULL_SNAPSHOT, type RecordedElement, changeOf } from './recorded-nodes';
import { createSheetSwitches } from './sheet-switches';
import { completedStyle, learn } from './sheet-text';

/** How often what the page holds is looked at: a rule's declarations may change long after the page has asked for them. */
const LOOK_MS = 200;
const RULE_CLASS = /^CSS\w*(?:Rule|Declarations)$/;

/**
 * Record what scripts change of style sheets, and rrweb does not see. A page that does not ask for a rule, a list of
 * adopted sheets or a sheet's media costs nothing: no text is read, and no timer runs.
 */
export function watchStyles(recorded: Recorded): Watcher {
  const { hook, quietly, stop } = createHooks();
  const adopted = createAdoptedSheets(recorded, quietly);
  const rules = createChangedRules(recorded, adopted, quietly);
  const switches = createSheetSwitches(recorded, quietly);
  const hooked = new WeakSet<object>();
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

  function hookWindow(view: (Window & typeof globalThis) | null): void {
    if (!view || hooked.has(view)) return;
    hooked.add(view);
    const classes = view as unknown as Record<string, { prototype: object } | undefined>;
    for (const name of Object.getOwnPropertyNames(view)) {
      if (!RULE_CLASS.test(name) || !classes[name] || name === 'CSSRule') continue;
      for (const [member, { set, value }] of Object.entries(Object.getOwnPropertyDescriptors(classes[name].prototype))) {
        const regroups = /^(?:insert|append|delete)Rule$/.test(member);
        if (regroups && value) hook(classes[name], member, { call: then((group: CSSRule) => rules.regroup(group, name === 'CSSGroupingRule')) });
        else if (member === 'media') hook(classes[name], member, { get: askMedia, set: touchRule });
        else if (/^style(?:Map)?$/.test(member)) hook(classes[name], member, { get: touchRule, set: touchRule });
        else if (set) hook(classes[name], member, { set: touchRule });
      }
    }
    for (const member of ['insertRule', 'replace', 'replaceSync']) hook(classes['CSSStyleSheet'], member, { call: (_, [css]) => quietly(() => learn(css as string)) });
    hook(classes['StyleSheet'], 'disabled', { set: touchSheet });
    hook(classes['StyleSheet'], 'media', { get: askMedia, set: touchSheet });
    hook(classes['MediaList'], 'mediaText', { set: touchMedia });
    for (const member of ['appendMedium', 'deleteMedium']) hook(classes['MediaList'], member, { call: touchMedia });
    for (const name of ['HTMLStyleElement', 'HTMLLinkElement']) hook(classes[name], 'disabled', { set: touchElement });
    for (const name of ['Document', 'ShadowRoot']) hook(classes[name], 'adoptedStyleSheets', { get: touchRoot, set: touchRoot });
    listenIn(view.document);
  }

  function listenIn(root: Document | ShadowRoot): void {
    listening.listen(root, 'load', switches.loaded); // it does not bubble
  }

  function complete({ id, attributes }: Pick<RecordedElement, 'id' | 'attributes'>): void {
    const { style } = attributes;
    if (typeof style === 'string') attributes['style'] = completedStyle(style, recorded.nodeOf(id) as Element);
  }

  hookWindow(window);
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
      if ('defaultView' in root) hookWindow(root.defaultView);
      listenIn(root);
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

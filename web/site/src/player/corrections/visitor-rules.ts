import type { Replayer } from '@rrweb/replay';
import { ADOPTED_STYLE_SHEET, CUSTOM_ELEMENT, FULL_SNAPSHOT, INCREMENTAL, type Json, MUTATION, STYLE_SHEET_RULE, isObject } from '../event';
import { type MediaFacts, mediaFactsOf, schemeOf, withFacts } from '../media-features';
import { UNDEFINED, withAttributes } from '../replaced-states';
import type { Correction } from './correction';

const XHTML = 'http://www.w3.org/1999/xhtml';

type Root = Document | ShadowRoot;
interface AnyRule extends CSSRule {
  readonly media?: MediaList;
  selectorText?: string;
  readonly style?: CSSStyleDeclaration;
  readonly cssRules?: CSSRuleList;
}

/**
 * Makes the rules of a replayed page ask for the states of the visitor's browser, whatever the watcher's is: for its media
 * features, where the recording tells them, and for `:hover`, `:active`, `:focus` and `:defined` as they are recorded.
 *
 * rrweb 2.1.6 adds a class to rules for `:hover`, of style elements alone, and leaves the others to the watcher's browser;
 * web/recorder/src/corrections/visitor-states.ts names the issues. Right would be to do this as rrweb builds a sheet.
 *
 * web/site/browser/visitor-states.test.ts says when this can go.
 */
export function createVisitorRules(): Correction {
  let facts: MediaFacts | undefined;
  let factsAreNew = false;
  let isAsked = false;
  /** Custom elements that were defined since the last snapshot. */
  const defined = new Set<string>();
  const roots = new Set<WeakRef<Root>>();
  const known = new WeakSet<Root>();
  const seen = new WeakSet<CSSRule>();
  /** By list of media queries, and by element with an attribute of them: as recorded, and as it was written then. */
  const written = new WeakMap<object, { readonly original: string; readonly text: string }>();

  function see(root: Root, replayer: Replayer): void {
    if (known.has(root)) return;
    known.add(root);
    roots.add(new WeakRef(root));
    root.addEventListener('load', () => soon(replayer), true); // of a style sheet that comes later
  }

  /** Documents and shadow trees of the page as it stands. */
  function find(root: Root, replayer: Replayer): void {
    see(root, replayer);
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) find(element.shadowRoot, replayer);
      const inner = element.localName === 'iframe' && (element as HTMLIFrameElement).contentDocument;
      if (inner) find(inner, replayer);
    }
  }

  function walk(): void {
    isAsked = false;
    for (const one of roots) {
      const root = one.deref();
      if (!root) roots.delete(one);
      else if (root.isConnected) walkRoot(root);
    }
    factsAreNew = false;
  }

  function walkRoot(root: Root): void {
    for (const element of root.querySelectorAll(`[${UNDEFINED}]`)) if (defined.has(element.localName)) element.removeAttribute(UNDEFINED);
    for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) {
      setMedia(sheet.media);
      walkRules(sheet.cssRules);
    }
    if (!facts) return;
    for (const source of root.querySelectorAll('source[media]')) {
      setText(source, () => source.getAttribute('media')!, withFacts, (text) => source.setAttribute('media', text));
    }
    for (const meta of root.querySelectorAll<HTMLMetaElement>('meta[name="color-scheme" i]')) setText(meta, () => meta.content, schemeIn, (text) => (meta.content = text));
    const html = 'documentElement' in root ? root.documentElement : null;
    if (html?.style.colorScheme) setScheme(html.style);
  }

  function walkRules(rules: CSSRuleList): void {
    for (const rule of rules as unknown as Iterable<AnyRule>) {
      const isNew = !seen.has(rule);
      if (!isNew && !factsAreNew) {
        if (rule.cssRules?.length) walkRules(rule.cssRules);
        continue;
      }
      seen.add(rule);
      if (rule.media) setMedia(rule.media);
      if (isNew && rule.selectorText && /[:[]/.test(rule.selectorText)) {
        const selector = withAttributes(rule.selectorText);
        if (selector !== rule.selectorText) rule.selectorText = selector;
      }
      if (facts && rule.style?.colorScheme) setScheme(rule.style);
      if (rule.cssRules?.length) walkRules(rule.cssRules);
    }
  }

  function setMedia(media: MediaList): void {
    if (facts && media.length > 0) setText(media, () => media.mediaText, withFacts, (text) => (media.mediaText = text));
  }

  function setScheme(style: CSSStyleDeclaration): void {
    setText(style, () => style.colorScheme, schemeIn, (text) => style.setProperty('color-scheme', text, style.getPropertyPriority('color-scheme')));
  }

  const schemeIn = (declared: string, of: MediaFacts): string => schemeOf(declared, of) ?? declared;

  /** Write anew what was recorded, or what has been recorded since. */
  function setText(owner: object, read: () => string, make: (original: string, facts: MediaFacts) => string, write: (text: string) => void): void {
    const before = written.get(owner);
    const now = read();
    const original = before?.text === now ? before.original : now;
    const text = make(original, facts!);
    if (text !== now) write(text);
    if (text !== original || before) written.set(owner, { original, text: read() });
  }

  function soon(replayer: Replayer): void {
    if (isAsked) return;
    isAsked = true;
    queueMicrotask(() => {
      if (isAsked && replayer.iframe.contentDocument) walk();
    });
  }

  function note(type: number, data: unknown, event: { type: unknown; data?: unknown }): boolean {
    const told = mediaFactsOf(event);
    if (told) {
      facts = told;
      return (factsAreNew = true);
    }
    if (type === FULL_SNAPSHOT) {
      facts = undefined;
      defined.clear();
    }
    if (type !== INCREMENTAL || !isObject(data)) return false;
    const { source, define } = data;
    if (source === CUSTOM_ELEMENT && isObject(define)) defined.add(String(define['name']));
    return source === MUTATION ? changesStyles(data) : source === STYLE_SHEET_RULE || source === ADOPTED_STYLE_SHEET || source === CUSTOM_ELEMENT;
  }

  function showAll(replayer: Replayer): void {
    const page = replayer.iframe.contentDocument;
    if (!page) return;
    find(page, replayer);
    walk();
  }

  return {
    handler(event, _, { replayer }) {
      const isNews = note(event.type as number, event.data, event);
      if (isNews) soon(replayer);
    },
    onBuild(node, { id, replayer }) {
      const { shadowRoot, localName, namespaceURI } = node as Element;
      const root = node.getRootNode();
      if (shadowRoot) see(shadowRoot, replayer);
      if ('styleSheets' in root) see(root as Root, replayer);
      const meta = namespaceURI === XHTML && localName.includes('-') ? (replayer.getMirror().getMeta(node as never) as unknown as Json | null) : null;
      if (meta && meta['isCustom'] !== true && !defined.has(localName)) (node as Element).setAttribute(UNDEFINED, '');
      if (id > 0 && /^(?:style|source|link|meta)$/.test(localName ?? '')) soon(replayer);
    },
    flush: showAll,
    show: showAll,
  };
}

/** Whether a change may bring style rules: new nodes or texts, and attributes of sheets and sources. */
function changesStyles({ adds, texts, attributes }: Json): boolean {
  if ((adds as unknown[]).length > 0 || (texts as unknown[]).length > 0) return true;
  return (attributes as Json[]).some(({ attributes: changed }) => isObject(changed) && ('media' in changed || '_cssText' in changed || 'style' in changed));
}

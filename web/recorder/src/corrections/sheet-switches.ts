import { safely } from './hooked-members';
import type { Recorded } from './index';
import { type Change, type RecordedElement, attributesEvent } from './recorded-nodes';
import { correctedText, textOf } from './sheet-text';

type Styled = (HTMLStyleElement | HTMLLinkElement) & { sheet: CSSStyleSheet | null };
const NEVER = 'not all';

/**
 * Make what records whether the style sheet of an element is in use, as the attribute `media` of the element, and the text
 * of one that a link loads later.
 *
 * rrweb 2.1.6 records neither `disabled`, nor the media of a sheet, nor that a link has another sheet. No issue names it
 * yet. Right would be to record the three as states of the sheet.
 *
 * web/site/browser/styles-by-script.test.ts says when this can go.
 */
export function createSheetSwitches({ emit, idOf, nodeOf }: Recorded, quietly: <T>(work: () => T) => T) {
  /** The attribute as it is recorded. */
  const shown = new WeakMap<Styled, string | null>();
  /** The sheet whose text is recorded of a link. */
  const stored = new WeakMap<Styled, CSSStyleSheet | null>();
  /** Alternative sheets that the page uses by now. A browser does not say which it uses. */
  const chosen = new WeakSet<Styled>();
  const touched = new Set<Styled>();
  /** Whether any sheet was switched by itself: a new text makes a new sheet, as the attributes say. */
  let isAnySwitched = false;

  function check(): void {
    for (const element of touched) {
      const media = shownMedia(element);
      const id = idOf(element);
      if (id < 1 || media === shown.get(element)) continue;
      shown.set(element, media);
      isAnySwitched = true;
      emit(attributesEvent(id, { media }));
    }
    touched.clear();
  }

  function shownMedia(element: Styled): string | null {
    const isOther = 'rel' in element && /\balternate\b/i.test(element.rel) && element.title && !chosen.has(element);
    return isOther ? NEVER : mediaOf(element);
  }

  /** Write what is recorded of the element into its attributes. */
  function note(element: Styled, attributes: Record<string, unknown>): void {
    if (attributes['disabled'] === null) chosen.add(element);
    const media = shownMedia(element);
    const isSwitched = media !== element.getAttribute('media');
    isAnySwitched ||= isSwitched;
    if (isSwitched || shown.get(element) !== media) attributes['media'] = media;
    shown.set(element, media);
    const { _cssText: text } = attributes;
    if (typeof text !== 'string' || !text) return;
    stored.set(element, element.sheet);
    attributes['_cssText'] = correctedText(element as HTMLStyleElement, text);
  }

  return {
    touch: (element: Node | null): void => void (element && touched.add(element as Styled)),
    check: () => quietly(check),
    /** Something was loaded in a recorded tree. */
    loaded({ target }: Event): void {
      if ((target as Node).nodeName !== 'LINK') return;
      const link = target as Styled;
      setTimeout(safely(() => quietly(() => {
        const id = idOf(link);
        if (id < 1 || !link.sheet || stored.get(link) === link.sheet) return; // rrweb has told of it
        const text = textOf(link.sheet);
        stored.set(link, link.sheet);
        if (text) emit(attributesEvent(id, { _cssText: text, media: shownMedia(link) }));
      })), 0);
    },
    built({ tagName, attributes }: RecordedElement, live: Element): void {
      if (tagName !== 'style' && tagName !== 'link') return;
      const element = live as Styled;
      shown.set(element, element.getAttribute('media'));
      quietly(() => note(element, attributes));
      if (attributes['media'] === null) delete attributes['media'];
    },
    correct: ({ attributes = [], texts = [], adds = [], removes = [] }: Change): void =>
      quietly(() => {
        const changed = isAnySwitched ? [...texts.map(({ id }) => nodeOf(id)?.parentNode), ...[...adds, ...removes].map(({ parentId }) => nodeOf(parentId))] : [];
        for (const element of changed as Styled[]) if (shown.has(element)) touched.add(element);
        for (const one of attributes) {
          const element = nodeOf(one.id) as Styled | null;
          if (element && /^(?:STYLE|LINK)$/.test(element.nodeName)) note(element, one.attributes);
        }
      }),
  };
}

/** The media of which the sheet is in use, written as the attribute would be. */
function mediaOf(element: Styled): string | null {
  const { sheet } = element;
  const written = element.getAttribute('media');
  if (sheet ? sheet.disabled : 'rel' in element && element.disabled) return NEVER;
  const media = sheet?.media.mediaText;
  return media === undefined || media === (written && matchMedia(written).media) || media === (written ?? '') ? written : media || null;
}

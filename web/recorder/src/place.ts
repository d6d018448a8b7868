import { createMovedNodes } from './moved-nodes';
import type { RecorderOptions } from './options';
import { typedValues } from './typed-values';

export type Level = NonNullable<RecorderOptions['privacy']>;

/** What of a node may leave the page: all, what a level shows, or no more than its size. */
export type Treatment = 'open' | Level | 'block';

export type PlaceOptions = Pick<
  RecorderOptions,
  'privacy' | 'maskAllInputs' | 'blockClass' | 'blockSelector' | 'maskTextClass' | 'maskTextSelector' | 'openSelector'
>;

const LEVELS: readonly Level[] = ['inputs', 'text', 'private'];
const STRICTNESS: Readonly<Record<Treatment, number>> = { open: 0, inputs: 1, text: 2, private: 3, block: 4 };

/** Whether texts are asterisks, or nothing at all. */
export const isMasked = (treatment: Treatment | undefined): boolean => STRICTNESS[treatment!] > 1;

const stricter = (a: Treatment, b: Treatment = 'open'): Treatment => (STRICTNESS[a] < STRICTNESS[b] ? b : a);

/** A site's visitors have agreed to nothing, so their text is masked by default. An unknown level hides the most. */
export function levelOf(options: PlaceOptions): Level {
  const level = options.privacy ?? ((options as { writeUrl?: unknown }).writeUrl === undefined ? 'inputs' : 'text');
  return LEVELS.includes(level) ? level : 'private';
}

/** An element that a person can edit is an input too, by its attribute or by `designMode`. The last one shows what is chosen. */
const EDITABLE = ':is([contenteditable]:not([contenteditable="false" i]), :read-write:not(input, textarea), [role=textbox]:not(input, textarea), .CodeMirror, .ace_editor, .monaco-editor, .xterm, selectedcontent)';
/** Content that is pasted into it holds more than text: addresses, names, and the pictures themselves. */
const PASTED = ':is(a, img, picture, svg, canvas, video, audio, iframe, object, embed)';
const NOTHING = ':not(*)';

const ATTRIBUTE = 'data-privacy';
const says = (what: string): string => `[${ATTRIBUTE}="${what}" i]`;
const ofClass = (name: string | RegExp): string | false => typeof name === 'string' && `.${CSS.escape(name)}`;
const join = (...selectors: (string | null | false | undefined)[]): string => selectors.filter(Boolean).join(', ') || NOTHING;

/** The build calls the browser's own method here, as everywhere: a form has its fields as properties. */
export const attributeOf = (element: Element, name: string): string | null => element.getAttribute(name);

/** Whether one of its classes matches, if that is an expression: a name is in a selector. */
export const hasClassLike = (element: Element, wanted: string | RegExp): boolean =>
  typeof wanted !== 'string' && (attributeOf(element, 'class') ?? '').split(/\s+/).some((name) => name.search(wanted) >= 0);

/** No property of a text is hidden, and the build reads this one of elements alone. */
const slotOfText = ({ assignedSlot }: Text): Element | null => assignedSlot;

/** Make functions that say what of a node may leave the page. Throws if a selector is none. */
export function createPlaces(options: PlaceOptions) {
  const { blockSelector, maskTextSelector, openSelector, blockClass = 'rr-block', maskTextClass = 'rr-mask' } = options;
  const level = levelOf(options);
  const masked = level === 'private' ? level : 'text';
  const masksValues = level !== 'inputs' || (options.maskAllInputs ?? true);
  const open = `:is(${join(says('open'), openSelector)})`;
  const blocked = join(
    says('block'),
    ofClass(blockClass),
    blockSelector && `:is(${blockSelector}):not(${says('open')}, ${says('mask')})`,
    masksValues && `${EDITABLE} ${PASTED}:not(${open}, ${open} *)`,
  );
  const editable = masksValues ? EDITABLE : NOTHING;
  /** Another value of the attribute is a mistake, and mistakes are closed. */
  const asked = join(`[${ATTRIBUTE}]`, ofClass(maskTextClass), maskTextSelector);
  /** Few elements match it, and no other says anything. */
  const any = join(open, blocked, asked, editable);
  for (const selector of [blockSelector, openSelector, asked]) if (selector) document.documentElement.matches(selector); // `:is` forgives errors

  // The browser's own, by the build.
  const typeOf = (node: Node): number => node.nodeType;
  const parentOf = (node: Node): Node | null => node.parentNode;
  const moved = createMovedNodes(parentOf, stricter);

  /** What a node lies in, also where that is the host of its shadow tree or the frame of its document. */
  function around(node: Node): Node | null {
    try {
      return parentOf(node) ?? (typeOf(node) === 9 ? (node as Document).defaultView!.frameElement : typeOf(node) === 11 ? ((node as Partial<ShadowRoot>).host ?? null) : null);
    } catch {
      return null; // it is not in a page
    }
  }

  /** The treatment of a node, by that of what it lies in. What is in a blocked element stays there, also if it is moved. */
  function below(node: Node | null, outer: Treatment, known?: Map<Node, Treatment>): Treatment {
    if (!node || outer === 'block') return outer;
    const type = typeOf(node);
    /** The place in a shadow tree at which the node is shown. */
    const slot = type === 1 ? (node as Element).assignedSlot : type === 3 ? slotOfText(node as Text) : null;
    let treatment = stricter(outer, moved.treatmentOf(node));
    if (slot) treatment = stricter(treatment, treatmentOf(slot, known));
    if (type === 1) treatment = declared(node as Element, treatment);
    if (treatment !== outer) (outer === 'open' ? moved.watch : watchMoves)(node, treatment);
    return treatment;
  }

  const isClosed = (treatment: Treatment): boolean => stricter(treatment, level) !== level;

  /** See what a script moves out of a node, if that is closed more than the page. */
  function watchMoves(root: Node, treatment: Treatment): void {
    if (isClosed(treatment)) moved.watch(root, treatment);
  }

  function declared(element: Element, outer: Treatment): Treatment {
    if (outer === 'block') return outer;
    const is = (selector: string): boolean => element.matches(selector);
    if (hasClassLike(element, blockClass)) return 'block';
    /** In the last case a script shows what a visitor types into the element. */
    const isMasked = hasClassLike(element, maskTextClass) || (masksValues && (element as { editContext?: { attachedElements?: unknown } }).editContext?.attachedElements);
    if (!isMasked && !is(any)) return outer;
    if (is(blocked)) return 'block';
    if (is(says('open'))) return 'open';
    if (isMasked || is(asked)) return masked;
    if (is(open)) return 'open';
    return outer !== 'open' && is(editable) ? masked : outer;
  }

  /**
   * The treatment of a node by everything that it lies in. What is not in the page is closed.
   *
   * @param known treatments that are known already; others are added
   */
  function treatmentOf(node: Node | null, known = new Map<Node, Treatment>()): Treatment {
    const found = node && known.get(node);
    if (found) return found;
    const path: Node[] = [];
    let at = node;
    while (at && at !== document && !known.has(at)) {
      path.push(at);
      at = around(at);
    }
    let treatment = at ? (known.get(at) ?? level) : 'block';
    for (let one = path.pop(); one; one = path.pop()) {
      treatment = below(one, treatment, known);
      known.set(one, treatment);
    }
    return treatment;
  }

  const areMasked = (treatment: Treatment): boolean => treatment !== 'open' && (treatment !== 'inputs' || masksValues);

  return {
    /** For rrweb, which puts boxes of their size in place of these elements. */
    blocked,
    /** Elements in which a visitor may type what is not recorded as typed: blocked ones, and those that can be edited. */
    closed: join(blocked, editable),
    below,
    treatmentOf,
    watchMoves,
    noteMoves: moved.update,
    noteRecorded(node: Node, treatment: Treatment): void {
      if (isClosed(treatment)) moved.note(node, treatment);
    },
    recall: moved.recall,
    noteCopy: moved.copied,
    stop: moved.stop,
    level,
    /** Whether typed and chosen values are masked at this treatment. */
    masksValues: areMasked,
    /** Learn what the fields of the page hold. rrweb tells of its address, and we of errors, before any field is recorded. */
    readFields(): void {
      const known = new Map<Node, Treatment>();
      for (const field of document.querySelectorAll<HTMLInputElement>('input, textarea')) if (areMasked(treatmentOf(field, known))) typedValues.watch(field);
      typedValues.read();
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;

import type { eventWithTime, serializedNodeWithId } from '@rrweb/types';
import { ANIMATIONS_TAG, type ToldAnimation } from './corrections/animations';
import { removeClearedValue } from './corrections/cleared-field';
import { noteElementKind, noteNamespaces, textOfCdata } from './corrections/element-kinds';
import { STATES_TAG } from './corrections/element-states';
import { HIGHLIGHTS_TAG } from './corrections/highlights';
import { CUSTOM, FULL_SNAPSHOT, INCREMENTAL, INPUT, STYLE_SHEET_RULE } from './corrections/recorded-nodes';
import { PROPERTIES_TAG } from './corrections/registered-properties';
import { TOP_LAYER_TAG } from './corrections/top-layer';
import { type Attributes, isField, keepAttributes, sanitizedCss } from './kept-attributes';
import type { LookOptions } from './look-address';
import { canMask, maskedText } from './masked-text';
import type { RecorderOptions } from './options';
import { isPicture, sizeOf } from './picture-box';
import { type Places, type Treatment, isMasked } from './place';
import { currentSource } from './resources';
import { isScript } from './script-text';
import { shownAddress } from './shown-address';
import { typedValues } from './typed-values';

const META = 4;

const CANVAS = 9;
const FONT = 10;
const STYLE_DECLARATION = 13;

const DOCUMENT = 0;
const TEXT = 3;
const COMMENT = 5;

export type SanitizeOptions = Pick<RecorderOptions, 'maskTextFn'> & LookOptions;

/** The parts of an incremental event that can say something of the page; each kind of event has some of them. */
interface Change {
  source: number;
  id?: number;
  styleId?: number;
  adds?: { parentId: number; node: serializedNodeWithId; rule: string }[];
  texts?: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Attributes }[];
  removes: object[];
  positions?: { id: number }[];
  ranges?: { start: number; end: number }[];
  text: string;
  /** Of an input, as our corrections add it: docs/recorder.md. */
  selected?: number[];
  styles?: { styleId: number; rules: { rule: string }[] }[];
  styleIds?: number[];
  set?: { property: string; value: string | null };
  replace?: string;
  replaceSync?: string;
  fontSource?: string;
  buffer?: boolean;
}

/**
 * Make the last gate of an event on its way out of the page: it removes or masks what rrweb's own masking misses.
 *
 * It finds each node by rrweb's mirror and asks where that lies in the page. What it cannot find is closed.
 *
 * @returns a function that changes the event in place, and returns false if nothing of it may leave
 */
export function createSanitizer(options: SanitizeOptions, places: Places, nodeOf: (id: number) => Node | null) {
  /** Nodes of frames in other processes, which record themselves: they are treated like their frame. */
  const foreign = new Map<number, Treatment>();
  /** Constructed style sheets, by the strictest treatment of the trees that use them. */
  const sheets = new Map<number, Treatment>();
  /** Rules of style sheets that only blocked trees use so far. rrweb sends them once. */
  const heldRules = new Map<number, NonNullable<Change['styles']>[number]>();

  return function sanitize(event: eventWithTime): boolean {
    if (!canMask()) return false;
    const known = new Map<Node, Treatment>();
    places.noteMoves();
    typedValues.read();

    if (event.type === META) {
      places.readFields();
      event.data.href = shownAddress(event.data.href, options);
    }
    if (event.type === FULL_SNAPSHOT) {
      foreign.clear();
      sheets.clear();
      heldRules.clear();
      sanitizeNode(event.data.node, 'block');
    }
    if (event.type === CUSTOM) sanitizeState(event.data);
    return event.type !== INCREMENTAL || sanitizeChange(event.data as unknown as Change);

    function treatmentOf(id: number): Treatment {
      const node = nodeOf(id);
      return node ? places.treatmentOf(node, known) : (foreign.get(id) ?? 'block');
    }

    function isBlocked(id: number): boolean {
      return treatmentOf(id) === 'block';
    }

    function sanitizeChange(change: Change): boolean {
      const { source, id, styleId, texts, positions, ranges, styleIds } = change;
      if (texts) return sanitizeMutation(change, texts);
      if (positions) return (change.positions = positions.filter((one) => !isBlocked(one.id))).length > 0;
      if (ranges) change.ranges = ranges.filter(({ start, end }) => !isBlocked(start) && !isBlocked(end));
      const treatment = styleId ? (sheets.get(styleId) ?? 'block') : id === undefined ? 'open' : treatmentOf(id);
      if (styleIds) return sanitizeAdopted(change, styleIds, treatment);
      if (treatment === 'block') return false;
      if (source === FONT && !change.buffer) change.fontSource = keptCss(change.fontSource!, places.level, 'src');
      if (source === STYLE_SHEET_RULE && Object.keys(change).length === 1) return false; // a correction tells it otherwise
      if (source === STYLE_SHEET_RULE || source === STYLE_DECLARATION) sanitizeRules(change, treatment);
      if (source === INPUT && places.masksValues(treatment)) delete change.selected;
      if (source === INPUT && isSwitch(nodeOf(id!))) change.text = keptText(change.text, null, treatment);
      if (!isMasked(treatment)) return true;
      return source !== CANVAS; // it draws texts too
    }

    /** What the recorder itself tells of elements, by their ids. */
    function sanitizeState({ tag, payload }: { tag: string; payload: unknown }): void {
      if (tag === TOP_LAYER_TAG || tag === STATES_TAG || tag === HIGHLIGHTS_TAG) {
        const state = payload as { elements: { id: number }[] };
        state.elements = state.elements.filter(({ id }) => !isBlocked(id));
      }
      if (tag === PROPERTIES_TAG) {
        const state = payload as { id: number; rules: string[] };
        state.rules = isBlocked(state.id) ? [] : state.rules.map((rule) => keptCss(rule, treatmentOf(state.id)));
      }
      if (tag !== ANIMATIONS_TAG) return;
      const animations = payload as { told: ToldAnimation[] };
      animations.told = animations.told.filter(({ id }) => !isBlocked(id));
      for (const { id, keyframes } of animations.told) {
        for (const keyframe of (keyframes ?? []) as unknown as Attributes[]) {
          for (const [name, value] of Object.entries(keyframe)) {
            const property = name.startsWith('--') ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
            if (typeof value === 'string') keyframe[name] = keptCss(value, treatmentOf(id), property);
          }
        }
      }
    }

    function sanitizeRules(change: Change, treatment: Treatment): void {
      for (const one of change.adds ?? []) one.rule = keptCss(one.rule, treatment);
      for (const name of ['replace', 'replaceSync'] as const) if (change[name]) change[name] = keptCss(change[name], treatment);
      if (change.set?.value) change.set.value = keptCss(change.set.value, treatment, change.set.property);
    }

    /**
     * rrweb sends the rules of a sheet once, with the first tree that uses it, before it is known which trees will. If that one
     * is open, so are they: the page shows them there. Those that come after a masked tree has it, too, are masked.
     */
    function sanitizeAdopted(change: Change, styleIds: number[], treatment: Treatment): boolean {
      const styles = change.styles ?? [];
      if (treatment === 'block') {
        for (const style of styles) heldRules.set(style.styleId, style);
        return false;
      }
      for (const styleId of styleIds) {
        const held = heldRules.get(styleId);
        if (held) styles.push(held);
        heldRules.delete(styleId);
        if (!isMasked(sheets.get(styleId))) sheets.set(styleId, treatment);
      }
      for (const { rules } of styles) for (const one of rules) one.rule = keptCss(one.rule, treatment);
      if (styles.length) change.styles = styles;
      return true;
    }

    function sanitizeMutation(change: Change, texts: NonNullable<Change['texts']>): boolean {
      const added = change.adds!.map(({ node }) => nodeOf(node.id));
      for (const live of added) if (live) places.recall(live);
      noteTyped([...added, ...texts.map(({ id }) => nodeOf(id))]);
      change.texts = texts.filter((text) => {
        const treatment = treatmentOf(text.id);
        if (text.value) text.value = keptText(text.value, nodeOf(text.id), treatment);
        return treatment !== 'block';
      });
      change.adds = change.adds!.filter(({ parentId, node }) => {
        const outer = treatmentOf(parentId);
        sanitizeNode(node, outer); // also if it stays: it may move to where it would leave
        return outer !== 'block';
      });
      change.attributes = change.attributes.filter(({ id, attributes }) => {
        const treatment = treatmentOf(id);
        const element = nodeOf(id) as Element | null;
        if (element) noteNamespaces(attributes, element);
        if (treatment !== 'block') keepAttributes(element ? element.nodeName.toLowerCase() : '', attributes, element, treatment, places, options);
        return treatment !== 'block' && Object.keys(attributes).length > 0;
      });
      return [change.adds, change.texts, change.attributes, change.removes].some((list) => list.length > 0);
    }

    /** Learn what was typed into these nodes, which may stand elsewhere in the same event. */
    function noteTyped(nodes: Iterable<Node | null>): void {
      for (const node of nodes) {
        const treatment = node && places.treatmentOf(node, known); // which sees the fields of a blocked one
        if (treatment === 'text' && places.level === 'inputs' && ((node as HTMLElement).isContentEditable ?? node!.parentElement?.isContentEditable)) typedValues.add(node!.textContent!);
      }
      typedValues.read();
    }

    /** @param outer the treatment of what a node lies in, unless it is found in the page */
    function sanitizeNode(root: serializedNodeWithId, outer: Treatment): void {
      const found = nodeOf(root.id);
      const nodes: [serializedNodeWithId, Node | null, Treatment][] = [[root, found, found ? places.treatmentOf(found, known) : outer]];
      for (let next = nodes.pop(); next; next = nodes.pop()) {
        const [node, live, treatment] = next;
        if (!live) foreign.set(node.id, treatment);
        if (live && node.type === DOCUMENT) noteTyped((live as Document).querySelectorAll(places.closed));
        if (node.type === COMMENT && isMasked(treatment)) node.textContent = '';
        textOfCdata(node, live);
        if (node.type === TEXT || node.type === COMMENT) node.textContent = keptText(node.textContent, live, treatment);
        if ('attributes' in node) sanitizeElement(node, live as Element | null, treatment);
        if (live) places.noteRecorded(live, treatment);
        if (live && node.type === DOCUMENT) options.resources?.watch(live as Document);
        if (live && (node.type === DOCUMENT || node.isShadow)) places.watchMoves(node.isShadow ? live.parentNode! : live, treatment);
        if (!('childNodes' in node)) continue;
        for (const child of node.childNodes) {
          const below = nodeOf(child.id);
          nodes.push([child, below, places.below(below, treatment, known)]);
        }
        if (treatment === 'block') node.childNodes = [];
      }
    }
  };

  function sanitizeElement(node: Extract<serializedNodeWithId, { tagName: string }>, element: Element | null, treatment: Treatment): void {
    const { tagName, attributes } = node;
    if (treatment === 'block') {
      const { class: name, rr_width, rr_height } = attributes;
      node.attributes = { class: name, rr_width, rr_height } as typeof attributes;
      return;
    }
    if (element) noteElementKind(node, element);
    if (element && isField(tagName, String(attributes.type))) {
      removeClearedValue(attributes, element);
      if (places.masksValues(treatment)) typedValues.watch(element as HTMLInputElement);
    }
    if (tagName === 'iframe') attributes.rr_src = (element as HTMLIFrameElement | null)?.src || attributes.rr_src!; // rrweb tells that of some
    if (tagName === 'select' && places.masksValues(treatment)) delete attributes.value; // there is none if the choice is empty
    if (tagName === 'option' && !places.masksValues(treatment) && (element as HTMLOptionElement | null)?.selected) attributes.selected = true;
    if (options.resources && tagName === 'img' && element) Object.assign(attributes, currentSource(element as HTMLImageElement));
    keepAttributes(tagName, attributes, element, treatment, places, options);
    if (treatment !== 'private' || !element || !isPicture(tagName)) return;
    const size = sizeOf(element);
    node.attributes = { ...attributes, ...(size && { rr_width: size.width, rr_height: size.height }) }; // rrweb inlines late pictures into its own
  }

  function keptText(text: string, node: Node | null, treatment: Treatment): string {
    const parent = node && node.parentElement;
    if (parent && /(?:^|:)(?:style|(?:no)?script)$/i.test(parent.nodeName)) {
      if (isScript(parent)) return '';
      if (/^text\/css$/i.test((parent as HTMLStyleElement).type || 'text/css')) return keptCss(text, treatment);
    }
    if (parent?.nodeName === 'textarea') return maskedText(text); // of XHTML, which rrweb does not know
    if (!isMasked(treatment)) return treatment === 'inputs' ? typedValues.hide(text) : text;
    return options.maskTextFn ? options.maskTextFn(text, parent) : maskedText(text);
  }

  function keptCss(css: string, treatment: Treatment, property?: string): string {
    return sanitizedCss(css, treatment, options, property);
  }
}

const isSwitch = (node: Node | null): boolean => /^(?:radio|checkbox)$/.test((node as HTMLInputElement | null)?.type ?? '');

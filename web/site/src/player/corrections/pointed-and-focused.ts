import type { Replayer } from '@rrweb/replay';
import { FULL_SNAPSHOT, INCREMENTAL, type Json, MOUSE_INTERACTION, MOUSE_MOVE } from '../event';
import { type StateName, attributeOf } from '../replaced-states';
import type { Correction } from './correction';

/** rrweb's numbers for interactions. */
const [MOUSE_UP, MOUSE_DOWN, FOCUS, BLUR, TOUCH_START, TOUCH_END, TOUCH_CANCEL] = [0, 1, 5, 6, 7, 9, 10];
/** In these a browser shows the focus however it came there. */
const TYPED_INTO = 'textarea, select, [contenteditable]:not([contenteditable="false" i]), input:not([type=checkbox i], [type=radio i], [type=button i], [type=submit i], [type=reset i], [type=range i], [type=color i], [type=file i])';

/** A browser's own rule for a focus that is shown. `:where` has no specificity, so any rule of the page wins. */
const RULES = [`:where([${attributeOf('focus-visible')}]) { outline: 1px auto Highlight; outline: 1px auto -webkit-focus-ring-color; }`];

/**
 * Gives replayed elements the attributes of what the visitor pointed at, pressed and focused, for the rules that
 * `createVisitorRules` has made ask for them.
 *
 * rrweb 2.1.6 gives what the mouse is over a class, which the page's next change of the class removes, and not to hosts of shadow
 * trees and frames; it focuses nothing in a player that keeps its own focus. See https://github.com/rrweb-io/rrweb/issues/876.
 * Right would be to mark all states by attributes, through hosts and frames.
 *
 * web/site/browser/visitor-states.test.ts says when this can go.
 */
export function createPointedAndFocused(): Correction {
  const marked = new Map<StateName, Set<Element>>();
  let focused: { readonly id: number; readonly isVisible: unknown } | undefined;
  let pressed: number | undefined;
  /** What was pointed at, and what it lay in then: it may go, and what is around it stays pointed at. */
  let pointed: readonly Element[] = [];

  function mark(state: StateName, elements: readonly Element[]): void {
    const name = attributeOf(state);
    const now = new Set(elements);
    for (const element of marked.get(state) ?? []) if (!now.has(element)) element.removeAttribute(name);
    for (const element of now) if (!element.hasAttribute(name)) element.setAttribute(name, '');
    marked.set(state, now);
  }

  function markAll(replayer: Replayer): void {
    const nodeOf = (id: number | undefined): Element | null => {
      const node = id === undefined ? null : replayer.getMirror().getNode(id);
      return node?.nodeType === Node.ELEMENT_NODE && node.isConnected ? (node as Element) : null;
    };
    const focus = nodeOf(focused?.id);
    const isVisible = focused?.isVisible ?? focus?.matches(TYPED_INTO);
    mark('hover', chainOf(pointed.find((one) => one.isConnected), replayer.iframe));
    mark('active', chainOf(nodeOf(pressed), replayer.iframe));
    mark('focus', focus ? [focus] : []);
    mark('focus-visible', focus && isVisible ? [focus] : []);
    mark('focus-within', chainOf(focus, replayer.iframe));
  }

  function note(type: number, data: unknown): boolean {
    if (type === FULL_SNAPSHOT) {
      focused = pressed = undefined;
      return true;
    }
    const { source, type: interaction, id, focusVisible } = (type === INCREMENTAL ? data : {}) as Json;
    if (source !== MOUSE_INTERACTION) return false;
    if (interaction === FOCUS) focused = { id: id as number, isVisible: focusVisible };
    else if (interaction === BLUR) focused = focused?.id === id ? undefined : focused;
    else if (interaction === MOUSE_DOWN || interaction === TOUCH_START) pressed = id as number;
    else if (interaction === MOUSE_UP || interaction === TOUCH_END || interaction === TOUCH_CANCEL) pressed = undefined;
    else return false;
    return true;
  }

  /** On its way to a moment rrweb points at what has the last id then: at nothing if that has gone. */
  function notePointed({ source, type, id, positions }: Json, replayer: Replayer): void {
    if (source !== MOUSE_MOVE && (source !== MOUSE_INTERACTION || type === FOCUS || type === BLUR)) return; // the focus is elsewhere
    const under = source === MOUSE_MOVE ? ((positions as Json[]).at(-1) ?? {})['id'] : id;
    const found = replayer.getMirror().getNode(under as number);
    if (found) pointed = chainOf(found, replayer.iframe);
  }

  return {
    rules: RULES,
    handler({ type, data }, isSync, { replayer }) {
      const inner = replayer as unknown as { hoverElements(element: Node): void };
      inner.hoverElements = (element) => {
        pointed = chainOf(element, replayer.iframe);
        mark('hover', pointed);
      };
      if (isSync && (type as number) === INCREMENTAL) notePointed(data as unknown as Json, replayer);
      if (note(type as number, data)) markAll(replayer);
    },
    flush: markAll,
    show: markAll,
  };
}

/** A node and all that it is shown in, through slots, hosts of shadow trees and frames, up to the frame of the player. */
function chainOf(node: Node | null | undefined, end: Element): Element[] {
  const chain: Element[] = [];
  for (let at = node ?? null; at && at !== end; at = around(at)) if (at.nodeType === Node.ELEMENT_NODE) chain.push(at as Element);
  return chain;
}

function around(node: Node): Node | null {
  if (node.nodeType === Node.DOCUMENT_FRAGMENT_NODE) return (node as ShadowRoot).host ?? null;
  return node.nodeType === Node.DOCUMENT_NODE ? ((node as Document).defaultView?.frameElement ?? null) : ((node as Element).assignedSlot ?? node.parentNode);
}

import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import { FULL_SNAPSHOT, INCREMENTAL, type Json, MUTATION, customPayload, isObject } from '../event';
import type { Correction } from './correction';

/** Custom events of the recorder with this tag hold the elements of the top layer, the lowest first: docs/recorder.md. */
const TAG = 'rrweb-store:top-layer';
/** Protects the player: no page has more open. */
const MAX_OPEN = 100;
const FULL_SCREEN = 'data-full-screen';

interface Told {
  readonly id: number;
  readonly kind: 'popover' | 'modal' | 'fullscreen';
  readonly source: number | undefined;
}

/** What a browser's own style sheet says of an element in full screen, and what undoes its rules for popovers. */
const FULL_SCREEN_RULES = `
  :where([${FULL_SCREEN}]) { border: 0; padding: 0; overflow: visible; color: inherit; background: transparent; }
  [${FULL_SCREEN}] { position: fixed !important; inset: 0 !important; margin: 0 !important; box-sizing: border-box !important;
    width: 100% !important; height: 100% !important; min-width: 0 !important; min-height: 0 !important;
    max-width: none !important; max-height: none !important; transform: none !important; object-fit: contain; }
  :where([${FULL_SCREEN}])::backdrop { background: black; }`;

/**
 * Shows popovers, modal dialogs and full screen as they were seen, in their order.
 *
 * rrweb 2.1.6 opens dialogs by their attributes, knows no popover, and leaves a dialog modal that its virtual DOM has
 * closed: https://github.com/rrweb-io/rrweb/issues/1701. Right would be to set the top layer from an event of its own after
 * each jump. This file can go when `browser/top-layer.test.ts` passes without it.
 */
export function createTopLayer(): Correction {
  /** Undefined as long as the recorder has told nothing of this page: earlier recorders did not. */
  let told: readonly Told[] | undefined;
  let shown: readonly HTMLElement[] = [];
  let dialogs = new Set<HTMLDialogElement>();
  const sheets = new WeakMap<Node, CSSStyleSheet>();

  function show(replayer: Replayer): void {
    if (!told) return;
    const mirror = replayer.getMirror();
    const wanted = told.flatMap(({ id, kind, source }) => {
      const element = mirror.getNode(id) as HTMLElement | null;
      return element?.isConnected && canOpen(element, kind) ? [{ element, kind, source: source === undefined ? null : mirror.getNode(source) }] : [];
    });
    let same = 0;
    while (same < wanted.length && shown[same] === wanted[same]!.element && isOpen(wanted[same]!)) same++;
    const kept = new Set(wanted.slice(0, same).map(({ element }) => element));
    const stray = [...new Set([...shown, ...dialogs])].filter((element) => !kept.has(element) && (element.hasAttribute(FULL_SCREEN) || matches(element, ':modal, :popover-open')));
    // A dialog that rrweb has just opened stands where it should.
    const isPlaced = stray.length === 1 && wanted.length === same + 1 && stray[0] === wanted[same]!.element && isOpen(wanted[same]!);
    if (!isPlaced) {
      for (const element of stray) close(element);
      wanted.slice(same).forEach((one, index) => open(one, wanted[same + index - 1]?.element));
    }
    shown = wanted.map(({ element }) => element);
    for (const { element, kind } of wanted) if (kind === 'fullscreen') adopt(element);
  }

  function open({ element, kind, source }: { element: HTMLElement; kind: Told['kind']; source: Node | null }, below?: HTMLElement): void {
    try {
      if (kind === 'modal') {
        element.removeAttribute('open');
        (element as HTMLDialogElement).showModal();
        return;
      }
      if (kind === 'fullscreen') {
        element.setAttribute(FULL_SCREEN, '');
        element.popover = 'manual';
      }
      // Without its source, one that belongs to the popover below would close that.
      const from = (source as HTMLElement | null) ?? (kind === 'popover' && below && !below.contains(element) ? below : undefined);
      element.showPopover(from && { source: from });
    } catch {
      // the page forbids it, such as an element that is open in another way
    }
  }

  /** Full screen has rules that no attribute brings. */
  function adopt(element: HTMLElement): void {
    const root = element.getRootNode() as Document | ShadowRoot;
    const view = (root.ownerDocument ?? (root as Document)).defaultView as (Window & typeof globalThis) | null;
    if (!view || !root.adoptedStyleSheets) return;
    const sheet = sheets.get(root) ?? new view.CSSStyleSheet();
    if (!sheets.has(root)) sheet.replaceSync(FULL_SCREEN_RULES);
    sheets.set(root, sheet);
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }

  return {
    restart() {
      told = undefined;
      shown = [];
      dialogs = new Set();
    },
    onBuild(node) {
      if (node.nodeName === 'DIALOG') dialogs.add(node as HTMLDialogElement);
    },
    handler(event, isSync, { replayer }) {
      const { type, data } = event as { type: number; data: unknown };
      const next = toldBy(event);
      told = next ?? told;
      if (!isSync && (next || (type === INCREMENTAL && (data as Json)['source'] === MUTATION) || type === FULL_SNAPSHOT)) show(replayer);
    },
    show,
  };
}

/** What an event tells; undefined of any other event. */
function toldBy(event: eventWithTime): readonly Told[] | undefined {
  const elements = customPayload(event, TAG)?.['elements'];
  if (!Array.isArray(elements)) return undefined;
  return elements.slice(0, MAX_OPEN).filter(isTold);
}

function isTold(one: unknown): one is Told {
  if (!isObject(one)) return false;
  const { id, kind, source } = one;
  return typeof id === 'number' && (kind === 'popover' || kind === 'modal' || kind === 'fullscreen') && (source === undefined || typeof source === 'number');
}

function matches(element: Element, selector: string): boolean {
  return selector.split(', ').some((one) => {
    try {
      return element.matches(one);
    } catch {
      return false; // an older browser does not know it
    }
  });
}

/** Its node may be of any kind: what stands under an id is up to the recording. */
function canOpen(element: Node, kind: Told['kind']): boolean {
  if (kind === 'modal') return element.nodeName === 'DIALOG';
  const isHtml = 'popover' in element && !['HTML', 'BODY'].includes(element.nodeName);
  return isHtml && (kind === 'fullscreen' ? !(element as HTMLElement).hasAttribute('popover') || (element as HTMLElement).hasAttribute(FULL_SCREEN) : (element as HTMLElement).popover !== null);
}

function isOpen({ element, kind }: { element: HTMLElement; kind: Told['kind'] }): boolean {
  if (kind === 'modal') return matches(element, ':modal');
  return matches(element, ':popover-open') && element.hasAttribute(FULL_SCREEN) === (kind === 'fullscreen');
}

/** Takes it out of the top layer. The attribute `open` stays as it was recorded. */
function close(element: HTMLElement): void {
  if (matches(element, ':popover-open')) element.hidePopover();
  if (element.hasAttribute(FULL_SCREEN)) {
    element.removeAttribute(FULL_SCREEN);
    element.removeAttribute('popover');
  }
  if (!matches(element, ':modal')) return;
  const isRecordedOpen = element.hasAttribute('open');
  element.setAttribute('open', ''); // without it, `close` does nothing
  (element as HTMLDialogElement).close();
  if (isRecordedOpen) element.setAttribute('open', '');
}

import { listen } from '../listen';
import type { Recorded } from './index';
import type { LiveState, Root } from './live-state';
import { customEvent } from './recorded-nodes';

/**
 * A custom event of rrweb's with this tag has the elements of the top layer, the lowest first, and then the one that the hash
 * of the address names; docs/recorder.md has its payload.
 */
export const TOP_LAYER_TAG = 'rrweb-store:top-layer';

/** The first word of each is a kind. An element in full screen is `:modal` too. */
const KINDS = [':popover-open', ':fullscreen', ':modal', ':target'];

const kindOf = (element: Element): string | undefined => KINDS.find((selector) => matches(element, selector))?.match(/\w+/)![0];

export function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false; // an older browser does not know it
  }
}

/**
 * Follow which elements stand in the top layer: popovers, modal dialogs, and those in full screen. Also which element is the
 * target of the address. See `live-state.ts`.
 */
export function watchTopLayer({ emit, idOf }: Recorded, roots: ReadonlySet<Root>, changed: () => void): LiveState {
  /** What may be in the top layer, in the order in which it was opened. */
  const opened = new Set<Element>();
  const sources = new WeakMap<Element, Node>();
  let told = '';
  const stop = listen(window, { hashchange: () => changed() });

  return {
    events: ['beforetoggle', 'toggle', 'close', 'fullscreenchange'],
    heard(event) {
      const [element] = event.composedPath() as [Element];
      if (event.type === 'beforetoggle') {
        opened.delete(element); // so that it comes last if it opens
        const { source } = event as unknown as { source?: Node };
        if (source) sources.set(element, source);
      }
      opened.add(element);
    },
    noted(element, attributes) {
      if ('open' in attributes || 'popover' in attributes) opened.add(element);
    },
    tell(late, all) {
      for (const root of roots as ReadonlySet<Document>) {
        for (const element of [root.fullscreenElement, root.location && root.getElementById(root.location.hash.slice(1))]) if (element) opened.add(element);
      }
      const elements = [...opened].flatMap((element) => {
        const [kind, id] = [kindOf(element), idOf(element)];
        if (!kind) opened.delete(element);
        if (!kind || id < 0) return [];
        const source = sources.get(element);
        return [{ id, kind, source: source ? idOf(source) : undefined }];
      });
      const now = JSON.stringify(elements);
      if (all || now !== told) emit(customEvent(TOP_LAYER_TAG, { late, elements }));
      told = now;
    },
    stop,
  };
}

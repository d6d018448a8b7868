import type { Recorded } from './index';
import type { LiveState, Root } from './live-state';

/** A custom event of rrweb's with this tag has the elements of the top layer, the lowest first; docs/recorder.md has its payload. */
export const TOP_LAYER_TAG = 'rrweb-store:top-layer';

const CUSTOM = 5;
/** An element in full screen is `:modal` too. */
const KINDS = [':popover-open', ':fullscreen', ':modal'];
const NAMES = ['popover', 'fullscreen', 'modal'];

/** The place of the element's kind in `KINDS`, or -1 if it is not in the top layer. */
const kindOf = (element: Element): number => KINDS.findIndex((selector) => matches(element, selector));

export function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false; // an older browser does not know it
  }
}

/** Follow which elements stand in the top layer: popovers, modal dialogs, and those in full screen. See `live-state.ts`. */
export function watchTopLayer({ emit, idOf }: Recorded, roots: ReadonlySet<Root>): LiveState {
  /** What may be in the top layer, in the order in which it was opened. */
  const opened = new Set<Element>();
  const sources = new WeakMap<Element, Node>();
  let told = '';

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
      for (const { fullscreenElement } of all ? roots : []) if (fullscreenElement) opened.add(fullscreenElement);
      const elements = [...opened].flatMap((element) => {
        const [kind, id] = [NAMES[kindOf(element)], idOf(element)];
        if (!kind) opened.delete(element);
        if (!kind || id < 0) return [];
        const source = sources.get(element);
        return [{ id, kind, source: source ? idOf(source) : undefined }];
      });
      const now = JSON.stringify(elements);
      if (all || now !== told) emit({ type: CUSTOM, data: { tag: TOP_LAYER_TAG, payload: { late, elements } }, timestamp: Date.now() });
      told = now;
    },
  };
}

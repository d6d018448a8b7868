import { shadowTreeOf } from './closed-trees';
import { createListening, createSoon } from './hooked-members';
import type { Recorded, Watcher } from './index';
import { FULL_SNAPSHOT, changeOf, customEvent, eventOf } from './recorded-nodes';

/** A custom event of rrweb's with this tag says how the visitor's browser answers media queries; docs/recorder.md has its payload. */
export const MEDIA_TAG = 'rrweb-store:media';

/** Media features with their values; the first is told by leaving the feature out. */
const FEATURES =
  'prefers-color-scheme:light,dark;prefers-contrast:no-preference,more,less,custom;prefers-reduced-motion:no-preference,reduce;' +
  'prefers-reduced-transparency:no-preference,reduce;prefers-reduced-data:no-preference,reduce;forced-colors:none,active;inverted-colors:none,inverted;' +
  'hover:hover,none;any-hover:hover,none;pointer:fine,coarse,none;any-pointer:fine,coarse,none;color-gamut:srgb,p3,rec2020;' +
  'dynamic-range:standard,high;video-dynamic-range:standard,high;display-mode:browser,standalone,minimal-ui,fullscreen,window-controls-overlay;update:fast,slow,none';

const MOUSE_INTERACTION = 2;
const FOCUS = 5;
const BLUR = 6;

/**
 * Record what style rules ask of the visitor's browser: media features, as they are and as they change, the element that
 * has the focus as the recording starts, and whether the browser shows a focus.
 *
 * rrweb 2.1.6 records none of it, and its player goes by the watcher's browser. See https://github.com/rrweb-io/rrweb/issues/1896
 * for the focus; no issue names the others yet. Right would be to record them, and to replace them in replayed rules.
 *
 * web/site/browser/visitor-states.test.ts says when this can go.
 */
export function watchVisitorStates({ emit, idOf, nodeOf }: Recorded): Watcher {
  const listening = createListening();
  const lists = FEATURES.split(';').map((feature) => {
    const [name, values] = feature.split(':') as [string, string];
    return { name, values: values.split(',').map((value) => ({ value, list: matchMedia(`(${name}: ${value})`) })) };
  });
  let told = '';
  /** rrweb's id of the element that it told of last. */
  let focused = -1;

  const tellMedia = createSoon(() => {
    const payload: Record<string, unknown> = { resolution: devicePixelRatio, screen: [screen.width, screen.height] };
    for (const { name, values } of lists) {
      const now = values.flatMap(({ value, list }) => (list.matches ? [value] : [])).join(' ');
      if (now && now !== values[0]!.value) payload[name] = now;
    }
    const text = JSON.stringify(payload);
    if (text === told || listening.isStopped()) return;
    told = text;
    emit(customEvent(MEDIA_TAG, payload));
  });
  const tellFocus = createSoon(() => {
    let active = document.activeElement;
    for (let inner = active; inner; inner = shadowTreeOf(inner)?.activeElement ?? (inner as HTMLIFrameElement).contentDocument?.activeElement ?? null) active = inner;
    const id = active && active !== active.ownerDocument.body ? idOf(active) : -1;
    if (id < 1 || id === focused || listening.isStopped() || !active!.matches(':focus')) return;
    focused = id;
    emit(eventOf({ source: MOUSE_INTERACTION, type: FOCUS, id, focusVisible: isVisible(active!) }));
  });

  for (const { values } of lists) for (const { list } of values) if (list instanceof EventTarget) listening.listen(list, 'change', tellMedia);
  listening.listen(window, 'resize', tellMedia); // also of the resolution, as by a zoom

  return {
    correct(event) {
      if (event.type === FULL_SNAPSHOT) {
        told = '';
        focused = -1;
        tellMedia();
      }
      const change = changeOf(event) as { source: number; type?: number; id: number; focusVisible?: boolean } | undefined;
      if (change?.source !== MOUSE_INTERACTION) return;
      if (change.type === BLUR) focused = -1;
      if (change.type !== FOCUS) return;
      focused = change.id;
      const element = nodeOf(change.id) as Element | null;
      if (element?.nodeType === 1) change.focusVisible = isVisible(element);
    },
    entered(root) {
      if (!('host' in root)) tellFocus();
      else listening.listen(root, 'focus', tellFocus); // within a shadow tree it moves without an event outside
    },
    stop: () => listening.stop(),
  };
}

function isVisible(element: Element): boolean {
  try {
    return element.matches(':focus-visible');
  } catch {
    return true; // an older browser shows every focus
  }
}

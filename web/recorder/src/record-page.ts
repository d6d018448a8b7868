import { record } from '@rrweb/record';
import type { eventWithTime } from '@rrweb/types';
import { sanitize } from './sanitize-recording';
import { listen } from './listen';
import type { RecorderOptions } from './options';

/** Where no event tells that a script changed the URL, it is looked at so often while nothing is recorded. */
const LOOK_EVERY_MS = 1_000;

/** By these names of elements rrweb masks every type of input; its own `maskAllInputs` leaves out hidden and unknown ones. */
const ALL_INPUTS = { input: true, textarea: true, select: true };
const ALWAYS_MASKED = { password: true, hidden: true };
/** An element that is written into is an input too, by its attribute or by `designMode`. */
const EDITABLE = ':is([contenteditable]:not([contenteditable="false" i]), :read-write)';
/** What is pasted into it says much beside its text: addresses, names, and the pictures themselves. */
const PASTED = `${EDITABLE} :is(a, img, picture, svg, canvas, video, audio, iframe, object, embed)`;

const NOTHING = ':not(*)';

/** Run rrweb on every page that is not to be left out, until `stop`. */
export function recordPage(
  options: RecorderOptions,
  emit: (event: eventWithTime) => void,
  onError: (error: unknown) => void,
  isPaused: () => boolean,
) {
  let stopRrweb: (() => void) | undefined;
  let running = false;
  let href = '';
  let timer: ReturnType<typeof setInterval> | undefined;
  const navigation = (window as { navigation?: EventTarget }).navigation;

  function look(): void {
    if (href === location.href) return;
    href = location.href;
    apply();
  }

  /** Start or stop rrweb, as `isPaused` and the URL want it now. */
  function apply(): void {
    const wanted = !isPaused() && !isLeftOut(new URL(location.href), options.leaveOut, onError);
    clearInterval(timer);
    if (!wanted) {
      halt();
      if (!navigation && !isPaused()) timer = setInterval(look, LOOK_EVERY_MS);
    } else stopRrweb ??= begin();
  }

  function begin(): (() => void) | undefined {
    const maskAll = options.maskAllInputs ?? true;
    running = true; // the first events come before `record` returns
    const { prototype } = CSSStyleSheet;
    const { addRule, removeRule } = prototype;
    const stopIt = record({
      ...options, // rrweb reads its own of them, and has a default for what is undefined
      emit: (event) => {
        look(); // a script may have gone to a page that is left out
        if (!running) return;
        sanitize(event, maskAll, (id) => record.mirror.getNode(id)?.nodeName ?? '');
        emit(event);
      },
      maskAllInputs: false,
      maskInputOptions: (maskAll ? ALL_INPUTS : ALWAYS_MASKED) as object,
      maskTextSelector: either(options.maskTextSelector, maskAll && EDITABLE) || NOTHING,
      blockSelector: either(options.blockSelector, maskAll && PASTED) || NOTHING,
      recordAfter: 'DOMContentLoaded',
      errorHandler: (error) => {
        onError(error);
        return true;
      },
    });
    return stopIt && function stop(): void {
      stopIt();
      Object.assign(prototype, { addRule, removeRule }); // rrweb 2.1.6 puts back what else it wraps
    };
  }

  function halt(): void {
    running = false;
    stopRrweb?.();
    stopRrweb = undefined;
  }

  // Of these, `navigation` has the first alone, and a window without it the others.
  const stopHearing = listen(navigation ?? window, { currententrychange: look, popstate: look, hashchange: look });
  look();

  return {
    takeSnapshot(): void {
      if (stopRrweb) record.takeFullSnapshot(true);
    },
    apply,
    stop(): void {
      halt();
      clearInterval(timer);
      stopHearing();
    },
  };
}

const either = (...selectors: (string | null | false | undefined)[]): string => selectors.filter(Boolean).join(', ');

/** A predicate that throws leaves out: what the page meant to hide must not be shown by its mistake. */
export function isLeftOut(url: URL, leaveOut: RecorderOptions['leaveOut'], onError: (error: unknown) => void): boolean {
  try {
    return typeof leaveOut === 'function'
      ? leaveOut(url)
      : (leaveOut ?? []).some((route) => url.href.search(route) >= 0); // `test` remembers where it was
  } catch (error) {
    onError(error);
    return true;
  }
}

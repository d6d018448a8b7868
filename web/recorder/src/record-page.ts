import { record } from '@rrweb/record';
import type { eventWithTime } from '@rrweb/types';
import { sanitize } from './sanitize-recording';
import { listen } from './listen';
import type { RecorderOptions } from './options';

/** Without an event for a URL that a script changed, it is checked at this interval while nothing is recorded. */
const CHECK_URL_MS = 1_000;

/** With these element names rrweb masks every type of input; its own `maskAllInputs` omits hidden and unknown types. */
const ALL_INPUTS = { input: true, textarea: true, select: true };
const ALWAYS_MASKED = { password: true, hidden: true };
/** An element that a person can edit is an input too, by its attribute or by `designMode`. */
const EDITABLE = ':is([contenteditable]:not([contenteditable="false" i]), :read-write)';
/** Content that is pasted into it holds more than text: addresses, names, and the pictures themselves. */
const PASTED = `${EDITABLE} :is(a, img, picture, svg, canvas, video, audio, iframe, object, embed)`;

const NOTHING = ':not(*)';

/** Run rrweb on every page that is not left out, until `stop`. */
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

  function checkUrl(): void {
    if (href === location.href) return;
    href = location.href;
    apply();
  }

  /** Start or stop rrweb, by `isPaused` and the URL. */
  function apply(): void {
    const wanted = !isPaused() && !isLeftOut(new URL(location.href), options.leaveOut, onError);
    clearInterval(timer);
    if (!wanted) {
      pause();
      if (!navigation && !isPaused()) timer = setInterval(checkUrl, CHECK_URL_MS);
    } else stopRrweb ??= startRrweb();
  }

  function startRrweb(): (() => void) | undefined {
    const maskAll = options.maskAllInputs ?? true;
    running = true; // the first events come before `record` returns
    const { prototype } = CSSStyleSheet;
    const { addRule, removeRule } = prototype;
    const stop = record({
      ...options, // rrweb reads its own, and has a default for undefined ones
      emit: (event) => {
        checkUrl(); // a script may have changed to a page that is left out
        if (!running) return;
        sanitize(event, maskAll, (id) => record.mirror.getNode(id)?.nodeName ?? '');
        emit(event);
      },
      maskAllInputs: false,
      maskInputOptions: (maskAll ? ALL_INPUTS : ALWAYS_MASKED) as object,
      maskTextSelector: joinSelectors(options.maskTextSelector, maskAll && EDITABLE) || NOTHING,
      blockSelector: joinSelectors(options.blockSelector, maskAll && PASTED) || NOTHING,
      recordAfter: 'DOMContentLoaded',
      errorHandler: (error) => {
        onError(error);
        return true;
      },
    });
    return stop && ((): void => {
      stop();
      Object.assign(prototype, { addRule, removeRule }); // rrweb 2.1.6 restores only the other methods that it wraps
    });
  }

  function pause(): void {
    running = false;
    stopRrweb?.();
    stopRrweb = undefined;
  }

  // `navigation` fires the first of these only, a window without it the others.
  const stopListening = listen(navigation ?? window, { currententrychange: checkUrl, popstate: checkUrl, hashchange: checkUrl });
  checkUrl();

  return {
    takeSnapshot(): void {
      if (stopRrweb) record.takeFullSnapshot(true);
    },
    apply,
    stop(): void {
      pause();
      clearInterval(timer);
      stopListening();
    },
  };
}

const joinSelectors = (...selectors: (string | null | false | undefined)[]): string => selectors.filter(Boolean).join(', ');

/** If the predicate throws, the page is left out: its mistake must not show what it meant to hide. */
export function isLeftOut(url: URL, leaveOut: RecorderOptions['leaveOut'], onError: (error: unknown) => void): boolean {
  try {
    return typeof leaveOut === 'function'
      ? leaveOut(url)
      : (leaveOut ?? []).some((route) => url.href.search(route) >= 0); // `test` keeps its position in a global expression
  } catch (error) {
    onError(error);
    return true;
  }
}

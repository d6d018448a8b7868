import { record } from '@rrweb/record';
import type { eventWithTime } from '@rrweb/types';
import { listen } from './listen';
import type { RecorderOptions } from './options';
import { watchCanvases } from './corrections/canvas-pictures';
import { startCorrections } from './corrections';
import { endsFrame, forgetFrames } from './corrections/framed-documents';
import { isOfPage } from './corrections/page-exceptions';
import type { Resources } from './resources';
import { keepPageHooks } from './corrections/page-hooks';
import { sizeOf, watchPictures } from './picture-box';
import { type Places, attributeOf, createPlaces, isMasked } from './place';
import { asLoaded, watchRoot } from './corrections/replaced-document';
import { createSanitizer } from './sanitize-recording';
import { withParentTold } from './told-to-parent';
import { typedValues } from './typed-values';
import { watchView } from './view';

/** Without an event for a URL that a script changed, it is checked at this interval while nothing is recorded. */
const CHECK_URL_MS = 1_000;

const META = 4;
/** With all of these rrweb asks `maskInputFn`, also for hidden and unknown types. */
const ALL_INPUTS = { input: true, textarea: true, select: true, password: true, hidden: true };
const ALWAYS_MASKED = /^(?:password|hidden)$/;

/**
 * Run rrweb on every page that is not left out, until `stop`.
 *
 * @param resources gets the pictures, fonts and style sheets of what is recorded
 * @param listenAgain called when another document is in place, whose window has no listener left
 */
export function recordPage(
  options: RecorderOptions,
  emit: (event: eventWithTime) => void,
  onError: (error: unknown) => void,
  isPaused: () => boolean,
  listenAgain: () => void,
  resources?: Resources,
) {
  let stopRrweb: (() => void) | undefined;
  let running = false;
  let giveNow: ((event: eventWithTime) => void) | undefined;
  let href = '';
  /** rrweb's wrappers under a hook of the page outlive their run, and would tell the next one everything twice. */
  let run = 0;
  let isEcho = false;
  /** Elements whose picture is too large to be recorded. */
  const boxed = new WeakSet<Element>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const { maskInputFn = (text: string) => '*'.repeat(text.length) } = options;
  const places = createPlaces(options);
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

  function shownValue(text: string, element: HTMLElement): string {
    if (isShown(element, places)) return typedValues.hide(text); // a script may show a password in another field
    if (element.isConnected) typedValues.watch(element as HTMLInputElement); // a visitor types only into fields that are in the page
    return maskInputFn(element.nodeName === 'SELECT' ? '*' : text, element); // the length of a choice would tell it
  }

  function valueOf(field: HTMLInputElement): string | undefined {
    const { ignoreClass = 'rr-ignore', ignoreSelector } = options;
    if (field.classList.contains(ignoreClass) || (ignoreSelector && field.matches(ignoreSelector))) return undefined;
    return /^(?:radio|checkbox)$/.test(field.type) ? field.value : shownValue(field.value, field);
  }

  function startRrweb(): (() => void) | undefined {
    const sanitize = createSanitizer({ ...options, resources }, places, (id) => record.mirror.getNode(id));
    const hooks = keepPageHooks(window);
    const mine = (run += 1);
    const noteRun = (): boolean => (isEcho = mine !== run);
    function take(event: eventWithTime): void {
      if (isEcho) return void (isEcho = false);
      if (event.type === META) {
        hooks.before(); // of a full snapshot: rrweb puts its hooks in again
        queueMicrotask(hooks.after);
      }
      checkUrl(); // a script may have changed to a page that is left out
      try {
        if (running) corrections.correct(event);
      } catch (error) {
        onError(error); // rrweb's event goes as it is
      }
      give(event);
    }
    function mayLeave(event: eventWithTime): boolean {
      try {
        return running && sanitize(event);
      } catch (error) {
        onError(error);
        return false; // what cannot be checked does not leave
      }
    }
    function give(event: eventWithTime): void {
      try {
        if (!mayLeave(event)) return;
        emit(event);
        view.follow(event);
        canvases?.follow(event);
      } catch (error) {
        onError(error);
      }
    }
    const view = watchView(take);
    const isReadable = (canvas: Node): boolean => !isMasked(places.treatmentOf(canvas));
    const canvases = options.recordCanvas ? watchCanvases(options, take, (id) => record.mirror.getNode(id), isReadable) : undefined;
    const corrections = startCorrections({
      emit: give,
      idOf: (node) => record.mirror.getId(node),
      nodeOf: (id) => record.mirror.getNode(id),
      keep: (node) => record.mirror.add(node, record.mirror.getMeta(node)!),
      valueOf,
      copied: places.noteCopy,
      typed: (node, text) => {
        if (places.masksValues(places.treatmentOf(node))) typedValues.add(text);
      },
    });
    giveNow = give;
    running = true; // the first events come before `record` returns
    hooks.before();
    const stop = record({
      ...withParentTold(options, mayLeave), // rrweb reads its own, and has a default for undefined ones
      inlineImages: false, // it would miss late ones, and draw each on a canvas
      collectFonts: options.collectFonts ?? resources?.isOn ?? false,
      emit: take,
      maskAllInputs: false,
      recordCanvas: false,
      maskInputOptions: ALL_INPUTS as object,
      maskInputFn: shownValue,
      maskTextClass: 'rrweb-store-masks-later', // texts are masked by `sanitize`, which sees what is around frames and shadow trees
      maskTextSelector: undefined,
      blockSelector: places.blocked,
      hooks: { styleSheetRule: noteRun, styleDeclaration: noteRun },
      recordAfter: 'DOMContentLoaded',
      errorHandler: (error) => {
        if (isOfPage(error)) return false; // it is thrown on
        if (!endsFrame) onError(error);
        return true;
      },
    });
    hooks.after();
    resources?.tellTo({ emit: take, idOf: (node) => record.mirror.getId(node) });
    if (!stop) {
      view.stop();
      canvases?.stop();
      corrections.stop();
      return undefined;
    }
    const isHidden = (element: Element): boolean => places.treatmentOf(element) === 'private' || boxed.has(element);
    const stopWatching = watchPictures((element) => (isHidden(element) ? record.mirror.getId(element) : -1), take);
    return () => {
      view.stop();
      canvases?.stop();
      stopWatching();
      hooks.before();
      stop();
      forgetFrames();
      hooks.end(); // also puts back `addRule` and `removeRule`, which rrweb 2.1.6 leaves wrapped
      corrections.stop(); // its hooks lie under rrweb's
    };
  }

  function pause(): void {
    running = false;
    giveNow = undefined;
    resources?.tellTo();
    run += 1;
    stopRrweb?.();
    stopRrweb = undefined;
  }

  // `navigation` fires the first of these only, a window without it the others.
  const listenToUrl = (): (() => void) => listen(navigation ?? window, { currententrychange: checkUrl, popstate: checkUrl, hashchange: checkUrl });
  const stopListening = listenToUrl();
  const stopWatchingRoot = watchRoot(() => {
    listenToUrl(); // to add a listener twice changes nothing
    listenAgain();
    if (!running) return;
    pause();
    asLoaded(apply);
  });
  checkUrl();

  return {
    /** Whether the page is recorded at this moment. */
    isOn: (): boolean => running,
    /** Emit an event of what rrweb does not see, if the page is recorded at this moment. */
    emit: (event: eventWithTime): void => giveNow?.(event),
    nodeOf: (id: number): Node | null => record.mirror.getNode(id),
    isBlocked: (node: Node): boolean => places.treatmentOf(node) === 'block',
    readFields: places.readFields,
    takeSnapshot(): void {
      if (stopRrweb) record.takeFullSnapshot(true);
    },
    /** Record only the size of this element's picture from now on; undefined before that is known. */
    boxOf(id: number): ReturnType<typeof sizeOf> {
      const element = record.mirror.getNode(id);
      if (!(element instanceof Element)) return undefined;
      boxed.add(element);
      return sizeOf(element);
    },
    /** Whether this page is recorded at this moment. */
    isRunning(): boolean {
      checkUrl();
      return running;
    },
    apply,
    stop(): void {
      pause();
      places.stop();
      clearInterval(timer);
      stopListening();
      stopWatchingRoot();
    },
  };
}

/** Whether a typed or chosen value may be seen. rrweb marks an input that was one for a password. */
const isShown = (element: HTMLElement, places: Places): boolean =>
  !ALWAYS_MASKED.test((element as HTMLInputElement).type) &&
  attributeOf(element, 'data-rr-is-password') === null &&
  !places.masksValues(places.treatmentOf(element));

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

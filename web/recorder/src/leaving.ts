import type { Delivery } from './delivery';
import { type LeavingEvent, type LeavingState, nextLeavingState } from './leaving-state';
import { listen } from './listen';
import type { Pipeline } from './pipeline';

/** What a navigation says of the next page holds for this time: it may end in a download, or lead elsewhere later. */
const STAYS_MS = 2_000;
/** What a key says: `beforeunload` comes 4 to 17 ms after it, and the next page at most `HELD_MS` later. */
const RELOADS_MS = 500;
/** `navigate` of the back button comes so soon after `beforeunload`. */
const TOLD_MS = 10;
/**
 * A page of this origin that comes within this time gets the batch. Nothing that was redirected to another site comes so
 * soon: that takes the answers of two servers.
 */
const HELD_MS = 100;

export interface LeavingOptions {
  readonly pipeline: Pick<Pipeline, 'gathers' | 'keepNow' | 'sealNow'>;
  readonly delivery: Pick<Delivery, 'start'>;
  /** Record what was not recorded yet: the page may be gone next. */
  readonly tellAll: () => void;
  /** Mark the end of the page. */
  readonly markEnd: () => void;
  /** Send or hand over all, and keep it. It may be ended at any call, and is called again then. */
  readonly go: (handsOver: boolean) => void;
  /** The page is hidden, and a phone may end it without another event. */
  readonly hide: () => void;
  /** The page has returned from the back/forward cache. */
  readonly comeBack: () => void;
}

/** Leaves a page, by whatever the browser tells of that: docs/adr/0037-leaving-may-be-ended-at-any-call.md and 0058. */
export function createLeaving({ pipeline, delivery, tellAll, markEnd, go, hide, comeBack }: LeavingOptions) {
  const swaps = 'onpageswap' in window;
  /** WebKitGTK 2.50 lost four of four batches that were put into IndexedDB as the page went; it has no `onfreeze`. */
  const knowsNext = swaps && 'onfreeze' in document;
  const { navigation } = window as { navigation?: Navigation };
  let state: LeavingState = 'here';
  let staysTimer: ReturnType<typeof setTimeout> | undefined;
  let sendTimer: ReturnType<typeof setTimeout> | undefined;
  const dispatch = (event: LeavingEvent): void => void (state = nextLeavingState(state, event));

  /** The mark is the last event. A page that is not left after all goes on. Without a batch the facts say it. */
  function end(): void {
    tellAll();
    if (pipeline.gathers()) markEnd();
  }

  /** Send while the page still lives: time for an answer, after which no page sends the batch again, and for IndexedDB. */
  function send(): void {
    end();
    pipeline.sealNow();
    delivery.start();
  }

  /**
   * Send what the page has, then keep it for the next page.
   *
   * While Firefox changes processes, it ends a listener at any call, without an error. So every step may be repeated,
   * and several listeners try.
   */
  function leave(): void {
    if (state !== 'leaving' && state !== 'handing-over') return;
    go(state === 'handing-over');
    dispatch('finished');
  }

  /** Firefox has no `pageswap`, but tells of navigations that a link, a script or the back button begins. The page still lives for a while. */
  function navigate({ destination: next, downloadRequest }: NavigateEvent): void {
    if (next.sameDocument || downloadRequest !== null) return;
    expectNext(next.url.startsWith(`${location.origin}/`) ? 'stays' : 'goes', STAYS_MS, () => navigation!.transition); // its router shows it in this document
  }

  /** Of a reload by the browser's own buttons nothing tells, but the page gets its keys first. */
  function keydown(event: KeyboardEvent): void {
    if (event.key === 'F5' || ((event.ctrlKey || event.metaKey) && /^r$/i.test(event.key)))
      expectNext('stays', RELOADS_MS, () => event.defaultPrevented);
  }

  /** Of the next page this is known for a while, unless the present one takes the place of it. */
  function expectNext(event: 'stays' | 'goes', forMs: number, staysHere: () => unknown): void {
    clearTimeout(staysTimer);
    dispatch(event);
    staysTimer = setTimeout(() => {
      if (staysHere()) dispatch('goes');
      else staysTimer = setTimeout(dispatch, forMs, 'goes');
    }, 0);
  }

  /** The page still lives while the next one is asked for. In Chromium `pageswap` says who continues the batch instead. */
  function beforeunload(): void {
    if (!navigation || swaps) return send();
    tellAll();
    pipeline.keepNow();
    sendTimer = setTimeout(() => {
      if (state === 'staying') sendTimer = setTimeout(send, HELD_MS);
      else send();
    }, TOLD_MS);
  }

  const lifecycle = {
    /** `activation` is null where the next page, or a redirect to it, is of another origin. */
    pageswap({ activation }: PageSwapEvent) {
      if (activation && knowsNext) return dispatch('stays');
      dispatch('goes');
      send(); // the page lives until the other one is shown
    },
    pagehide() {
      const before = state;
      dispatch('hides');
      clearTimeout(sendTimer);
      if (state !== before) end(); // if Firefox ends it here, the second try goes on without it
      leave();
    },
    pageshow({ persisted }: PageTransitionEvent) {
      if (!persisted) return;
      dispatch('returns');
      comeBack();
    },
    /** It bubbles from the document. A page that goes is hidden after `pagehide`. */
    visibilitychange() {
      leave();
      if (document.visibilityState !== 'hidden' || state === 'left') return;
      tellAll();
      pipeline.sealNow();
      delivery.start();
      hide();
    },
  };
  /** Goes on where Firefox has ended the first listener. */
  const secondTry = { pagehide: () => lifecycle.pagehide() };

  return {
    /** Whether the next page of the tab is told of before this one goes, or soon after it began to. */
    handsOver: (): boolean => knowsNext || state === 'staying',
    /** There is something to be sent after all. */
    more(): void {
      if (state !== 'left') return;
      dispatch('more');
      leave();
    },
    listen(): () => void {
      const stops = [
        listen(window, lifecycle),
        listen(window, secondTry),
        ...(navigation && !swaps ? [listen(navigation, { navigate }), listen(window, { keydown })] : []),
        knowsNext ? undefined : listen(window, { beforeunload }),
      ];
      return () => {
        clearTimeout(staysTimer);
        clearTimeout(sendTimer);
        for (const stop of stops) stop?.();
      };
    },
  };
}

/**
 * Tells rrweb of each document that a frame shows, and lets it listen to each one once.
 *
 * rrweb 2.1.6 listens to the document of a frame again after each full snapshot, so that after three of them each click there
 * is recorded four times, and goes on with frames that load after its end. It waits for the end of a document that a script
 * writes, which few scripts tell; and it keeps to the old one if a script opens it, or puts another root element into it.
 * Right would be that `onceIframeLoaded` looks at what the document is, and `addLoadListener` at whether it is known. No issue
 * names it. web/site/browser/framed-documents.test.ts and the frames in web/site/browser/rebuilt/pages.ts say when this can go.
 */
type Stop = () => void;

/** Each full snapshot brings a new one for each frame. */
let tellers = new WeakMap<HTMLIFrameElement, Stop>();
const heard = new WeakSet<HTMLIFrameElement>();
const listening = new WeakMap<Document, { readonly root: Element; readonly stop: Stop; readonly stops: Stop[] }>();

/** Whether a script writes it: then it was there before, or has the address of the document whose script that is. */
const isWritten = (page: Document, frame: HTMLIFrameElement): boolean =>
  listening.has(page) || [document, frame.ownerDocument].some(({ URL }) => page.URL === URL.replace(/#.*/s, ''));

/** In place of rrweb's function: call `tell` when the frame has a document, and with each one that follows. */
export function onceIframeLoaded(frame: HTMLIFrameElement, tell: Stop, timeoutMs: number): void {
  const first = frame.contentDocument;
  if (!first) return; // of another origin
  let root: Element | null = null;
  const observer = new MutationObserver(() => {
    const found = frame.contentDocument?.documentElement; // none between `open` and the first `write`
    if (found && found !== root) tellNow();
  });
  tellers.set(frame, tellNow);
  if (!heard.has(frame)) frame.addEventListener('load', () => tellers.get(frame)?.());
  heard.add(frame);
  const isLoaded = first.readyState === 'complete';
  const isOnItsWay = isLoaded && first.URL === 'about:blank' && !['', first.URL].includes(frame.src);
  const timer = isOnItsWay ? undefined : setTimeout(tellNow, isLoaded || isWritten(first, frame) ? 0 : timeoutMs);

  function tellNow(): void {
    clearTimeout(timer);
    observer.disconnect();
    const page = frame.contentDocument;
    if (!page || tellers.get(frame) !== tellNow) return;
    root = page.documentElement;
    observer.observe(page, { childList: true });
    tell();
  }
}

/** In place of rrweb's statement: observe the document unless that is done, and anew if `document.open` has removed all listeners. */
export function observeOnce(page: Document, observe: (page: Document) => Stop, stops: Stop[]): void {
  const known = listening.get(page);
  if (known?.stops === stops) {
    if (known.root === page.documentElement) return;
    known.stop();
    stops.splice(stops.indexOf(known.stop), 1);
  }
  const stop = observe(page);
  stops.push(stop);
  listening.set(page, { root: page.documentElement, stop, stops });
}

/** rrweb has stopped: it hears of no more. */
export function forgetFrames(): void {
  tellers = new WeakMap();
}

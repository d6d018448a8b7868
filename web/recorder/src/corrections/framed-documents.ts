/**
 * Tells rrweb of each document that a frame shows, and lets it listen to each one once.
 *
 * rrweb 2.1.6 listens to the document of a frame again after each full snapshot, so that after three of them each click there
 * is recorded four times, and goes on with frames that load after its end. It waits for the end of a document that a script
 * writes, which few scripts tell; and it keeps to the old one if a script opens it, or puts another root element into it.
 * Right would be that `onceIframeLoaded` looks at what the document is, and `addLoadListener` at whether it is known. No issue
 * names it. web/site/browser/framed-documents.test.ts and the frames in web/site/browser/rebuilt/pages.ts say when this can go.
 */
import { safely } from './hooked-members';
import { endTree } from './observed-trees';
import { keepPageHooks } from './page-hooks';

type Stop = () => void;

interface Observed {
  /** None yet of one that loads. */
  readonly root: Element | null;
  readonly stop: Stop;
  /** Of rrweb, which calls them all in the end. */
  readonly stops: Stop[];
}

/** Each full snapshot brings a new one for each frame. */
let tellers = new WeakMap<HTMLIFrameElement, Stop>();
/** One for each frame that was ever recorded. */
const followers = new WeakMap<HTMLIFrameElement, (page: Document) => void>();
/** rrweb puts back what it has hooked in a window, which may show a page of another origin by now, or none. */
export let endsFrame = false;
/** Those that are shown. */
const listening = new Map<Document, Observed>();

/** Whether a script writes it: then it was there before, or has the address of the document whose script that is. */
const isWritten = (page: Document, frame: HTMLIFrameElement): boolean =>
  listening.has(page) || [document, frame.ownerDocument].some(({ URL }) => page.URL === URL.replace(/#.*/s, ''));

/** In place of rrweb's function: call `tell` when the frame has a document, and with each one that follows. */
export function onceIframeLoaded(frame: HTMLIFrameElement, tell: Stop, timeoutMs: number): void {
  const first = frame.contentDocument;
  if (!first) return; // of another origin
  const follow = followers.get(frame) ?? createFollower(frame);
  followers.set(frame, follow);
  tellers.set(frame, tellNow);
  const isLoaded = first.readyState === 'complete';
  const isOnItsWay = isLoaded && first.URL === 'about:blank' && !['', first.URL].includes(frame.src);
  const timer = isOnItsWay ? undefined : setTimeout(tellNow, isLoaded || isWritten(first, frame) ? 0 : timeoutMs);

  function tellNow(): void {
    clearTimeout(timer);
    const page = frame.contentDocument;
    if (!page || tellers.get(frame) !== tellNow) return;
    follow(page);
    tell();
  }
}

/** Make a function that notes the root element of the frame's document, and tells when there is another one. */
function createFollower(frame: HTMLIFrameElement): (page: Document) => void {
  let root: Element | null = null;
  const tell = (): void => tellers.get(frame)?.();
  const observer = new MutationObserver(() => {
    const found = frame.contentDocument?.documentElement; // none between `open` and the first `write`
    if (found && found !== root) tell();
  });
  frame.addEventListener('load', tell);
  return (page) => {
    root = page.documentElement;
    observer.disconnect();
    observer.observe(page, { childList: true });
  };
}

/** In place of rrweb's statement: observe the document unless that is done, and anew if `document.open` has removed all listeners. */
export function observeOnce(page: Document, observe: (page: Document) => Stop, stops: Stop[], mirror: { removeNodeFromMap(node: Node): void }): void {
  const known = listening.get(page);
  if (known?.root === page.documentElement) return;
  if (known) end(page, known);
  for (const gone of [...(known?.root ? [known.root] : []), ...takeGone()]) mirror.removeNodeFromMap(gone);
  const hooks = keepPageHooks(page.defaultView!);
  hooks.before();
  const stopObserving = observe(page);
  hooks.after();
  const stop = (): void => {
    hooks.before();
    endsFrame = true;
    safely(stopObserving)();
    endsFrame = false;
    hooks.end();
  };
  stops.push(stop);
  listening.set(page, { root: page.documentElement, stop, stops });
}

/** End what observes documents that no frame shows any more, and return those. */
export function takeGone(): Document[] {
  const gone = [...listening].filter(([page]) => !page.defaultView);
  return gone.map(([page, known]) => end(page, known));
}

function end(page: Document, { stop, stops }: Observed): Document {
  listening.delete(page);
  endTree(page);
  stop();
  stops.splice(stops.indexOf(stop), 1);
  return page;
}

/** rrweb has stopped: it hears of no more. */
export function forgetFrames(): void {
  tellers = new WeakMap();
  listening.clear();
}

/**
 * Start rrweb anew when the document has another root element: `<html>` was replaced, or `document.open` has emptied the
 * document and removed every listener of document and window.
 *
 * rrweb 2.1.6 goes on with the listeners and ids that it had, so its player stays on the first page for good. It should
 * take a full snapshot when the document's child list changes, and listen again. No issue there names it yet. This file
 * can go when `tests/e2e/test_recorder_new_document.py` passes without it.
 */
export function watchRoot(onReplaced: () => void): () => void {
  let root: Element | null = document.documentElement;
  const observer = new MutationObserver(() => {
    const found: Element | null = document.documentElement; // none between `open` and the first `write`
    if (!found || found === root) return;
    root = found;
    onReplaced();
  });
  observer.observe(document, { childList: true });
  return () => observer.disconnect();
}

let isForced = false;

/** What rrweb waits for. */
export const isLoaded = (): boolean => isForced || document.readyState !== 'loading';

/**
 * Do the work as in a document that is loaded. rrweb waits for the end of one that is not, and after `document.open` and
 * `write` there may be none: few pages call `close`.
 */
export function asLoaded<T>(work: () => T): T {
  isForced = true;
  try {
    return work();
  } finally {
    isForced = false;
  }
}

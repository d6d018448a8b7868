/**
 * Take the recorder's own frame out of what `fetch` rejects with.
 *
 * Chromium captures the stack as `fetch` is called. With a script of another origin on top of it, it would tell the page of
 * no unhandled rejection: https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors
 */
export function withoutOwnFrame(error: unknown): void {
  try {
    const { stack } = error as Error;
    if (!(error instanceof TypeError) || !stack) return; // the page's own reason of an abort
    Error.captureStackTrace(error, withoutOwnFrame);
    error.stack = stack.replace(/\n +at .*/, '');
  } catch {
    // it stays as it is
  }
}

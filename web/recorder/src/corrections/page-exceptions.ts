const OF_CSSOM = /^(?:Syntax|IndexSize|HierarchyRequest|NotAllowed|NoModificationAllowed|InvalidState)Error$/;
/** As a browser names the function that was called with the wrong arguments: `'insertRule' on`, `.insertRule:`. */
const NAMES_A_FUNCTION = /\b(?:(?:insert|delete|add|remove)Rule|replaceSync|(?:set|remove)Property)(?:' on|:)/;

/**
 * Whether the page made this exception, by a call that the browser refuses.
 *
 * rrweb 2.1.6 calls the browser's `insertRule`, `replaceSync`, `setProperty` and the like within its own guard, and a guard
 * that keeps the recorder's errors from the page keeps the browser's from it, too: the call returns as if it had worked, and
 * a page that tries a rule finds every one supported. No issue names it yet; https://github.com/rrweb-io/rrweb/pull/1107
 * brought the guard. Right would be to call the browser outside of it.
 *
 * web/site/browser/page-exceptions.test.ts says when this can go.
 */
export function isOfPage(error: unknown): boolean {
  const { name, message } = error as Partial<Error>;
  return OF_CSSOM.test(String(name)) || NAMES_A_FUNCTION.test(String(message));
}

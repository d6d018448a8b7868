/**
 * The address of the bookmark for one stack.
 *
 * It holds the whole script, since a page's policy may forbid to load one. Firefox keeps no bookmark of more than
 * 65,536 characters; Chromium and Safari do.
 *
 * @param script text of dist/bookmarklet.iife.js
 * @param relayUrl the page of the stack's own site that calls `startRelay`
 */
export function bookmarkletUrl(script: string, relayUrl: string): string {
  return `javascript:${encodeURIComponent(bookmarkletScript(script, relayUrl))}`;
}

/** What the bookmark runs. */
export function bookmarkletScript(script: string, relayUrl: string): string {
  return `(()=>{${script};rrwebBookmarklet.recordThisPage(${JSON.stringify({ relayUrl })})})()`;
}

/**
 * The URL of the bookmark for one stack.
 *
 * It holds the whole script, since a page's policy may forbid loading one. Firefox limits a bookmark to 65,536
 * characters; Chromium and Safari do not.
 *
 * @param script text of dist/bookmarklet.iife.js
 * @param relayUrl a page of the stack's own site that calls `startRelay`
 */
export function bookmarkletUrl(script: string, relayUrl: string): string {
  return `javascript:${encodeURIComponent(bookmarkletScript(script, relayUrl))}`;
}

/** The script that the bookmark runs. */
export function bookmarkletScript(script: string, relayUrl: string): string {
  return `(()=>{${script};rrwebBookmarklet.recordThisPage(${JSON.stringify({ relayUrl })})})()`;
}

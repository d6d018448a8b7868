/** The Resource Timing API's entry, with what TypeScript does not know yet. */
export type Timing = PerformanceResourceTiming & { readonly responseStatus?: number; readonly contentType?: string };

export const FAILED = 400;
/** Of what a script of the page asks for; a picture may take its time. */
const SLOW_MS = 3_000;
export const BY_SCRIPT = /^(?:fetch|xml)/;

/**
 * Tell of each request of the page that ends, whether its status says that it failed, and whether it was slow.
 *
 * The browser says so of requests that the page may read. WebKit names no status: none has failed there. A request without
 * an answer has no status either, and may as well be one that the page gave up.
 *
 * @param ownUrl requests that begin with it are the recorder's
 */
export function watchRequests(ownUrl: string, onEnd: (failed: boolean, slow: boolean) => void): () => void {
  if (typeof PerformanceObserver === 'undefined') return () => {};
  const observer = new PerformanceObserver((list) => {
    for (const { name, responseStatus = 0, duration, initiatorType } of list.getEntries() as Timing[]) {
      if (!name.startsWith(ownUrl)) onEnd(responseStatus >= FAILED, duration >= SLOW_MS && BY_SCRIPT.test(initiatorType));
    }
  });
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}

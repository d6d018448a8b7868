/** The Resource Timing API's entry, with what TypeScript does not know yet. */
type Timing = PerformanceResourceTiming & { readonly responseStatus?: number };

const FAILED = 400;

/**
 * Tell of each request of the page that ends, and whether its status says that it failed.
 *
 * The browser says so of requests that the page may read. WebKit names no status: none has failed there. A request without
 * an answer has no status either, and may as well be one that the page gave up.
 *
 * @param ownUrl requests that begin with it are the recorder's
 */
export function watchRequests(ownUrl: string, onEnd: (failed: boolean) => void): () => void {
  if (typeof PerformanceObserver === 'undefined') return () => {};
  const observer = new PerformanceObserver((list) => {
    for (const { name, responseStatus = 0 } of list.getEntries() as Timing[]) {
      if (!name.startsWith(ownUrl)) onEnd(responseStatus >= FAILED);
    }
  });
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}

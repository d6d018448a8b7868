/** What createRecording is told (openapi.yaml, NewRecording). */
export function aboutPage(startedAtMs: number, hasScreenshot: boolean): string {
  return JSON.stringify({
    startedAtMs,
    pageUrl: location.href.slice(0, 8192),
    pageTitle: document.title.slice(0, 1024),
    userAgent: navigator.userAgent.slice(0, 1024),
    viewport: { width: Math.round(innerWidth), height: Math.round(innerHeight) },
    hasScreenshot,
  });
}

import { cut } from './well-formed';

/** The body of createRecording (openapi.yaml, NewRecording). */
export function aboutPage(startedAtMs: number, hasScreenshot: boolean): string {
  return JSON.stringify({
    startedAtMs,
    pageUrl: cut(location.href, 8192),
    pageTitle: cut(document.title, 1024),
    userAgent: cut(navigator.userAgent, 1024),
    viewport: { width: Math.round(innerWidth), height: Math.round(innerHeight) },
    hasScreenshot,
  });
}

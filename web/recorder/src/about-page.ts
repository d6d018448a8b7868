import type { NewRecording } from 'contract';
import { cut } from './well-formed';

/** What a page says of itself; the relay takes these fields from a page, and no others. */
export const PAGE_FIELDS = ['startedAtMs', 'pageUrl', 'pageTitle', 'userAgent', 'viewport'] as const;

/** The body of createRecording. */
export function aboutPage(startedAtMs: number, hasScreenshot: boolean): string {
  return JSON.stringify({
    startedAtMs,
    pageUrl: cut(location.href, 8192),
    pageTitle: cut(document.title, 1024),
    userAgent: cut(navigator.userAgent, 1024),
    viewport: { width: Math.round(innerWidth), height: Math.round(innerHeight) },
    hasScreenshot,
  } satisfies Required<Pick<NewRecording, (typeof PAGE_FIELDS)[number] | 'hasScreenshot'>>);
}

import type { NewRecording } from 'contract';
import { maskedText } from './masked-text';
import { type PlaceOptions, createPlaces, isMasked } from './place';
import { type AddressOptions, shownAddress } from './shown-address';
import { typedValues } from './typed-values';
import { cut } from './well-formed';

/** What a page says of itself; the relay takes these fields from a page, and no others. */
export const PAGE_FIELDS = ['startedAtMs', 'pageUrl', 'pageTitle', 'userAgent', 'viewport'] as const;

/** The body of createRecording. */
export function aboutPage(startedAtMs: number, hasScreenshot: boolean, options: PlaceOptions & AddressOptions): string {
  return JSON.stringify({
    startedAtMs,
    pageUrl: cut(shownAddress(location.href, options), 8192),
    pageTitle: cut(shownTitle(options), 1024),
    userAgent: cut(navigator.userAgent, 1024),
    viewport: { width: Math.round(innerWidth), height: Math.round(innerHeight) },
    hasScreenshot,
  } satisfies Required<Pick<NewRecording, (typeof PAGE_FIELDS)[number] | 'hasScreenshot'>>);
}

function shownTitle(options: PlaceOptions): string {
  const treatment = createPlaces(options).treatmentOf(document.documentElement.querySelector('title') ?? document.documentElement);
  return (isMasked(treatment) ? maskedText : typedValues.hide)(document.title);
}

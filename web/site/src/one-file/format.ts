/** The page that a recording becomes: a template of the site, and the recording's data in it. cli/rrweb_store/one_file.py writes the same. */
import type { SiteRecording } from 'contract';

/** The template's name, beside the site's pages. It is text, so that nobody opens it as a page of the site. */
export const TEMPLATE_FILE = 'one-file.txt';
/** Where the template takes the data. The number is the format's: who knows another one fills nothing in. */
export const PLACE = '<!--recording 1-->';
/** Protects mail boxes and browsers: a browser holds all of the page, and what is unpacked from it. */
export const MAX_FILE_BYTES = 50_000_000;

/** What a file tells of its recording: what the page and the visitor's browser have said, and nothing of the store. */
export const TOLD = [
  'recordingId',
  'createdAtMs',
  'startedAtMs',
  'pageUrl',
  'pageTitle',
  'userAgent',
  'viewport',
  'visitorId',
  'durationMs',
  'clicks',
  'rageClicks',
  'deadClicks',
  'errors',
  'failedRequests',
  'slowRequests',
  'lcpMs',
  'inpMs',
  'clsThousandths',
  'user',
  'browser',
  'device',
  'language',
  'connection',
  'leftAfterMs',
  'pages',
  'tags',
  'events',
] as const satisfies readonly (keyof SiteRecording)[];

/** What the file says of all of its events, in the part `about`. */
export interface About {
  readonly recording: Pick<SiteRecording, (typeof TOLD)[number]>;
  /** The moment to open it at, from its first event. @default play it from the start */
  readonly atMs?: number;
  /** Of each part `events`, in their order: what was missing so far, such as `3-5,9`, and what the API could not read. */
  readonly pages: readonly { readonly missing: string; readonly skipped: number }[];
  /** Number of pictures, fonts and style sheets that the store did not have. */
  readonly missingAssets: number;
}

/** `about`, `events`, or the SHA-256 of an asset. */
export type PartName = string;

/**
 * A part of the data as markup. Base64 holds none of the characters that could end the element.
 *
 * @param base64 of what `gzip` makes of the part
 */
export function partOf(name: PartName, base64: string): string {
  return `<script type="application/octet-stream" data-part="${name}">${base64}</script>\n`;
}

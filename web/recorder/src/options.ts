import type { eventWithTime } from '@rrweb/types';
import type { record } from '@rrweb/record';

type RrwebOptions = NonNullable<Parameters<typeof record<eventWithTime>>[0]>;

/** What rrweb itself is told; its own guide describes each. */
type Passed = Pick<
  RrwebOptions,
  | 'blockClass'
  | 'blockSelector'
  | 'ignoreClass'
  | 'ignoreSelector'
  | 'maskTextClass'
  | 'maskTextSelector'
  | 'maskInputFn'
  | 'maskTextFn'
  | 'sampling'
  | 'slimDOMOptions'
  | 'inlineStylesheet'
  | 'inlineImages'
  | 'collectFonts'
  | 'recordCanvas'
  | 'recordCrossOriginIframes'
  | 'plugins'
>;

export interface RecorderOptions extends Passed {
  /** The stack's `apiUrl`. */
  readonly apiUrl: string;
  /** Returns an ID token of the signed-in user; rejects if there is none. Called before each request. */
  readonly getToken: () => Promise<string>;
  /**
   * 1 to 64 of `A-Z a-z 0-9 - _`, never used before but on earlier pages of this tab by the same user.
   * @default the tab's, or else a new UUIDv7
   */
  readonly recordingId?: string | undefined;
  /**
   * Nothing is recorded before it resolves, or ever if it rejects.
   * @default no wait
   */
  readonly consent?: Promise<unknown> | undefined;
  /**
   * The share of tabs that are recorded, 0 to 1; decided once a tab.
   * @default 1
   */
  readonly sampleShare?: number | undefined;
  /**
   * Pages that are not recorded, by their URL.
   * @default none
   */
  readonly leaveOut?: readonly RegExp[] | ((url: URL) => boolean) | undefined;
  /**
   * What is typed or chosen becomes asterisks. `password` and `hidden` inputs do so even when this is false.
   * @default true
   */
  readonly maskAllInputs?: boolean | undefined;
  /**
   * Sees each event first: returns it, another in its place, or nothing to leave it out. One that throws leaves it out.
   * @default every event as it is
   */
  readonly transform?: ((event: eventWithTime) => eventWithTime | undefined) | undefined;
  /**
   * Draws the picture that lists show, as WebP, JPEG or PNG of at most 2 MB; docs/adr/0011-no-picture-of-our-own.md.
   * @default false: there is none
   */
  readonly screenshot?: false | (() => Promise<Blob | undefined>) | undefined;
  /**
   * Milliseconds that events are gathered at most. A recording's first snapshot goes at once; what could not outlive the
   * page, within 2 seconds; a later page's snapshot, within 10. Set it lower for who watches while it is recorded.
   * @default 30000
   */
  readonly flushMs?: number | undefined;
  /**
   * Characters of JSON that are sent before that time is over.
   * @default 4194304
   */
  readonly flushBytes?: number | undefined;
  /**
   * Bytes that may wait in memory for the API; docs/recorder.md says what is dropped above.
   * @default 8388608
   */
  readonly maxWaitingBytes?: number | undefined;
  /**
   * Told what went wrong. The recorder goes on by itself and says nothing on the console.
   * @default nobody
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export const DEFAULT_FLUSH_MS = 30_000;
export const DEFAULT_FLUSH_BYTES = 4 * 1024 * 1024;
export const DEFAULT_MAX_WAITING_BYTES = 8 * 1024 * 1024;

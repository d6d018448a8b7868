import type { eventWithTime } from '@rrweb/types';
import type { record } from '@rrweb/record';

type RrwebOptions = NonNullable<Parameters<typeof record<eventWithTime>>[0]>;

/** Options that rrweb gets as they are; its guide describes them. */
type RrwebOwn = Pick<
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
  | 'collectFonts'
  | 'recordCanvas'
  | 'recordCrossOriginIframes'
  | 'plugins'
>;

export type ConsoleLevel = 'error' | 'warn' | 'info' | 'log' | 'debug';

interface CommonOptions extends RrwebOwn {
  /** Has no effect: `resources` stores what rrweb would draw on a canvas. */
  readonly inlineImages?: boolean | undefined;
  /**
   * 1 to 64 of `A-Z a-z 0-9 - _`, unique to this tab and owner.
   * @default that of the tab's previous page, or a new one
   */
  readonly recordingId?: string | undefined;
  /**
   * Nothing is recorded before it resolves, and nothing at all if it rejects.
   * @default no wait
   */
  readonly consent?: Promise<unknown> | undefined;
  /**
   * `buffer` keeps the last minute of a tab in the browser and sends nothing, until one of `triggers` comes: then that minute
   * is sent, and the tab is recorded as with `live`.
   * @default 'live'
   */
  readonly mode?: 'live' | 'buffer' | undefined;
  /**
   * Of the mode `buffer`.
   * @default { seconds: 60, maxBytes: 4194304, share: 1 }
   */
  readonly buffer?:
    | {
        /** At least so many seconds before a trigger are in the recording, at most twice as many, unless `maxBytes` are less. */
        readonly seconds?: number | undefined;
        /** The largest size in bytes, compressed, in memory and again in IndexedDB. */
        readonly maxBytes?: number | undefined;
        /** The share that buffers, from 0 to 1, of the tabs that `sampleShare` leaves. */
        readonly share?: number | undefined;
      }
    | undefined;
  /**
   * What begins the recording of a tab that buffers, besides a call of `capture()`: an exception or rejection, clicks in
   * rage, a call of `track()`, and on demand a click without an answer, a failed or slow request, or an address that matches;
   * as an attribute, names separated by blanks.
   * @default ['error', 'rageClick', 'event']
   */
  readonly triggers?: string | readonly ('error' | 'rageClick' | 'event' | 'deadClick' | 'failedRequest' | 'slowRequest' | RegExp)[] | undefined;
  /**
   * The share of tabs that are recorded from their start, from 0 to 1; decided once for each tab.
   * @default 1, with the mode `buffer` 0
   */
  readonly sampleShare?: number | undefined;
  /**
   * Pages that are not recorded, selected by URL.
   * @default none
   */
  readonly leaveOut?: readonly RegExp[] | ((url: URL) => boolean) | undefined;
  /**
   * Typed and chosen values become asterisks. Those of `password` and `hidden` inputs do even when this is false.
   * @default true
   */
  readonly maskAllInputs?: boolean | undefined;
  /**
   * What leaves the page: `inputs`: all but typed and chosen values; `text`: no text that a person could read either, but its
   * length; `private`: no picture, and no attribute that a person could read or that names one. docs/privacy.md has the table.
   * @default 'text' with `writeUrl`, 'inputs' for a signed-in user
   */
  readonly privacy?: 'inputs' | 'text' | 'private' | undefined;
  /**
   * Elements that are shown whatever the level, as by the attribute `data-privacy="open"`.
   * @default none
   */
  readonly openSelector?: string | undefined;
  /**
   * Query and hash are left out of every address. With names, parameters of these names stay in the query; a function
   * returns the address to store, of pages, links and frames. If it throws, query and hash are left out.
   * @default []
   */
  readonly address?: readonly string[] | ((url: URL) => string) | undefined;
  /**
   * Store the bytes of the pictures, fonts and style sheets that the page has loaded, so that a replay needs no other host;
   * docs/recorder.md says which. Of each page, at most so many are read, and at most so many bytes sent.
   * @default { maxBytes: 4194304, maxCount: 200, maxMs: 20000 }
   */
  readonly resources?:
    | false
    | {
        /** Bytes that a page may send, and the largest single file. */
        readonly maxBytes?: number | undefined;
        readonly maxCount?: number | undefined;
        /** The longest time in milliseconds that one of them may take to be read. */
        readonly maxMs?: number | undefined;
      }
    | undefined;
  /**
   * Record what the page writes to the console: at all levels, or at some, also as a text such as `'error warn'`.
   * @default false
   */
  readonly console?: boolean | string | readonly ConsoleLevel[] | undefined;
  /**
   * Record the requests of the page: no bodies, and of headers those that are named here, also as a text.
   * @default false
   */
  readonly network?: boolean | string | { readonly headers?: readonly string[] | undefined } | undefined;
  /**
   * Record web vitals: LCP, INP, CLS, FCP and TTFB.
   * @default false
   */
  readonly vitals?: boolean | string | undefined;
  /**
   * Record the errors that the page does not catch. They are counted in any case.
   * @default true
   */
  readonly errors?: boolean | string | undefined;
  /**
   * Called with each event: returns it, another in its place, or nothing to leave it out. If it throws, the event is left out.
   * @default every event as it is
   */
  readonly transform?: ((event: eventWithTime) => eventWithTime | undefined) | undefined;
  /**
   * Where recordings are watched: the stack's `siteUrl`, for a site with `/sites/<id>`. For `getReplayUrl`.
   * @default none: the address is a path without a host
   */
  readonly replayUrl?: string | undefined;
  /**
   * The longest time in milliseconds for which events are gathered. More than a closing page could send goes within 2
   * seconds. Of a user, a recording's first snapshot goes immediately, and a later page's within 10 seconds. Set it lower
   * for live watching.
   * @default 30000
   */
  readonly flushMs?: number | undefined;
  /**
   * A batch of so many characters of JSON is sent before that time is over.
   * @default 4194304
   */
  readonly flushBytes?: number | undefined;
  /**
   * The bytes that may wait in memory for the API; docs/recorder.md says which events are dropped above it.
   * @default 8388608
   */
  readonly maxWaitingBytes?: number | undefined;
  /**
   * Called with each error. The recorder continues by itself and writes nothing to the console.
   * @default none
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** For a recording of the user who is signed in. */
export interface UserOptions extends CommonOptions {
  /** The stack's `apiUrl`. */
  readonly apiUrl: string;
  /** Returns an ID token of the signed-in user; rejects if there is none. Called before each request. */
  readonly getToken: () => Promise<string>;
  /**
   * Returns the picture for lists, as WebP, JPEG or PNG of at most 2 MB; docs/adr/0011-no-picture-of-our-own.md. Called at
   * the level `inputs` only, since a picture shows texts.
   * @default false: no picture
   */
  readonly screenshot?: false | (() => Promise<Blob | undefined>) | undefined;
  readonly writeUrl?: undefined;
}

/** For the recordings of a site, whose visitors have no account. */
export interface SiteOptions extends CommonOptions {
  /** `<apiUrl>/w/<write key>`, as the stack's output `sites` has it. */
  readonly writeUrl: string;
  /**
   * Where the random id is kept that joins the visits of one visitor: in the browser, in the tab, or nowhere.
   * @default 'browser'
   */
  readonly visitor?: 'browser' | 'tab' | 'none' | undefined;
  readonly apiUrl?: undefined;
  readonly getToken?: undefined;
  readonly screenshot?: undefined;
}

export type RecorderOptions = UserOptions | SiteOptions;

export const DEFAULT_FLUSH_MS = 30_000;
export const DEFAULT_FLUSH_BYTES = 4 * 1024 * 1024;
export const DEFAULT_MAX_WAITING_BYTES = 8 * 1024 * 1024;

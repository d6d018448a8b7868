import { TooLargeError } from '../api/one-file';
import { MAX_FILE_BYTES } from '../one-file/format';
import type { Range } from '../one-file/cut';
import { wordsFor } from '../ui/problem-notice';
import { clock, megabytes } from '../ui/words';

/** What the button of the downloads does. */
export type Download =
  /** Nothing has been asked for, or it is saved. */
  | { readonly name: 'none' }
  /** A file is collected; `progress` says how much of it. */
  | { readonly name: 'running'; readonly progress: string }
  | { readonly name: 'failed'; readonly why: string }
  /** The page would be too large; `range` is a part around the moment that was shown, which should not be. */
  | { readonly name: 'too-large'; readonly bytes: number; readonly range: Required<Range> };

export const NONE: Download = { name: 'none' };

/** Of what may be as large as allowed: a part may have more than its share. */
const SHARE = 0.8;

/** `0:42 of 3:10 collected, 1.2 MB`. Without a length, that of older recordings is not known. */
export function progressOf(atMs: number, bytes: number, durationMs: number | undefined): string {
  const of = durationMs === undefined || durationMs < atMs ? '' : ` of ${clock(durationMs)}`;
  return `${clock(atMs)}${of} collected, ${megabytes(bytes)}`;
}

/** What follows from a failure. @param shownMs the moment that is shown */
export function afterFailure(error: unknown, shownMs: number, range: Range = {}): Download {
  if (!(error instanceof TooLargeError)) return { name: 'failed', why: wordsFor(error).title };
  const { bytes, lengthMs } = error;
  const startMs = range.fromMs ?? 0;
  const partMs = Math.floor((SHARE * lengthMs * MAX_FILE_BYTES) / bytes);
  const fromMs = Math.round(Math.min(Math.max(startMs, shownMs - partMs / 2), startMs + lengthMs - partMs));
  return { name: 'too-large', bytes, range: { fromMs, toMs: fromMs + partMs } };
}

/** What the part is called. */
export function rangeWords({ fromMs, toMs }: Required<Range>): string {
  return `${clock(fromMs)} to ${clock(toMs)}`;
}

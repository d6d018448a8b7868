import type { Erasure } from 'contract';
import { ProblemError, UnreachableError } from '../api/errors';
import type { Target } from '../api/erasures';
import { wordsFor } from '../ui/problem-notice';
import { counted } from '../ui/words';
import type { ErasureState } from './erasure-state';

export interface Words {
  readonly title: string;
  readonly detail: string;
}

const AGAIN = 'The next attempt starts over and removes what is left. If it fails again, give the execution ID to the operator of this stack.';
const TWO_LOOKS = 'The stored data is removed now, and once more after a few minutes, when nothing can arrive any more. You can leave this page.';

const OF_RECORDING: Record<Exclude<ErasureState['name'], 'none'>, Words> = {
  asked: { title: 'Deletion requested', detail: 'The request was accepted. The deletion is starting.' },
  removing: { title: 'This recording is being deleted', detail: `It can no longer be opened. ${TWO_LOOKS}` },
  done: { title: 'This recording has been deleted', detail: 'The last check found nothing left of it.' },
  failed: { title: 'The deletion failed', detail: `The recording can no longer be opened, but some of its stored data could not be removed. ${AGAIN}` },
  nothing: { title: 'There was nothing to delete', detail: 'The recording had already expired, or there was none.' },
};

const OF_VISITOR: Record<Exclude<ErasureState['name'], 'none'>, Words> = {
  asked: { title: 'Erasure requested', detail: 'The request was accepted. The erasure is starting.' },
  removing: { title: 'This visitor is being erased', detail: `The visitor’s recordings disappear one after another. ${TWO_LOOKS}` },
  done: { title: 'This visitor has been erased', detail: 'The last check found nothing left of the visitor’s recordings.' },
  failed: { title: 'The erasure failed', detail: `Some recordings of this visitor may be left, or some of their stored data. ${AGAIN}` },
  nothing: { title: 'There was nothing to erase', detail: 'The visitor had no recordings any more.' },
};

/** What a state says to the user. */
export function erasureWords(name: Exclude<ErasureState['name'], 'none'>, target: Target): Words {
  return ('recordingId' in target ? OF_RECORDING : OF_VISITOR)[name];
}

/** What the user is told if the API did not accept an erasure. */
export function refusalWords(error: unknown, siteId: string | undefined): Words {
  if (error instanceof UnreachableError) {
    const { title } = wordsFor(error);
    return { title, detail: 'It is not known whether the request arrived. Try again: asking twice does no harm.' };
  }
  if (!(error instanceof ProblemError)) return wordsFor(error);
  switch (error.status) {
    case 403:
      return {
        title: 'You may not erase recordings of this site',
        detail: `Nothing was erased. It takes the group site-${siteId ?? ''}-admin. If you have been added to it, sign in again.`,
      };
    case 404:
      return { title: 'There is nothing to erase any more', detail: 'The recording has expired, or someone else has erased it.' };
    case 409:
      return { title: 'Another request is being handled', detail: 'Nothing was erased by this one. Try again in a moment.' };
    case 429: {
      const seconds = error.retryAfterS;
      return { title: 'Too many requests', detail: `Nothing was erased. Try again in ${seconds > 0 ? counted(seconds, 'second') : 'a moment'}.` };
    }
    default:
      return { title: error.title, detail: `${error.detail} Try again: asking twice does no harm.`.trim() };
  }
}

const KINDS: readonly (readonly [keyof NonNullable<Erasure['removed']>, string])[] = [
  ['stream', 'Delivered events'],
  ['large', 'Large batches of events'],
  ['batch', 'Batches of events'],
  ['screenshot', 'Screenshots'],
  ['kept', 'Kept copies'],
  ['other', 'Other'],
];

export interface RemovedRow {
  readonly kind: string;
  readonly objects: number;
  readonly bytes: number;
}

/** What was removed of each kind of which there was any, and of all together. */
export function removedRows(removed: NonNullable<Erasure['removed']>): { rows: readonly RemovedRow[]; total: RemovedRow } {
  const rows = KINDS.map(([name, kind]) => ({ kind, ...(removed[name] ?? { objects: 0, bytes: 0 }) })).filter(({ objects }) => objects > 0);
  const sum = (of: 'objects' | 'bytes') => rows.reduce((total, row) => total + row[of], 0);
  return { rows, total: { kind: 'Total', objects: sum('objects'), bytes: sum('bytes') } };
}

/** The certificate as JSON: whose and what, and what the API says of the erasure. */
export function certificateText(siteId: string | undefined, target: Target, erasure: Erasure): string {
  return JSON.stringify({ ...(siteId === undefined ? {} : { siteId }), ...target, ...erasure }, null, 2);
}

/** How many recordings of a visitor are known to be erased; there are more than are loaded if `hasMore`. */
export function visitorCountWords(known: number | undefined, hasMore: boolean): string {
  if (known === undefined) return 'All recordings of this visitor; their number is not loaded.';
  return `All recordings of this visitor: ${hasMore ? 'more than ' : ''}${counted(known, 'recording')}.`;
}

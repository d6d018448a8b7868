import type { SiteRecording } from 'contract';
import { ProblemError } from '../api/errors';
import { type Words, refusalWords } from '../erasure/erasure-words';
import { dateAndTime } from '../ui/words';
import type { KeepingState } from './keeping-state';

/** What is said beside the button. */
export const STATE_WORDS: Record<KeepingState, string> = {
  none: '',
  copying: 'Keeping …',
  kept: '',
  ending: 'Ending …',
  failed: 'The last request failed',
};

/** What it means to keep a recording, a sentence each. */
export function keepWords({ expiresAtMs }: Pick<SiteRecording, 'expiresAtMs'>): string[] {
  return [
    expiresAtMs === undefined ? 'It no longer expires.' : `It is not deleted after ${dateAndTime(expiresAtMs)} any more.`,
    'Its images, fonts and style sheets are kept with it.',
    'It stays until you end this or delete it; whoever could watch it still can.',
  ];
}

/** What it means to end that, a sentence each. */
export function endWords({ retainedUntilMs = 0 }: Pick<SiteRecording, 'retainedUntilMs'>, nowMs: number): string[] {
  return retainedUntilMs > nowMs
    ? [`It is deleted after ${dateAndTime(retainedUntilMs)}, as any other.`, 'You can keep it again until then.']
    : [`Its time ended on ${dateAndTime(retainedUntilMs)}: it is deleted at once.`, 'Once confirmed, this cannot be undone.'];
}

/** What the user is told if the API did not accept the request. */
export function keepingRefusal(error: unknown, siteId: string | undefined): Words {
  if (error instanceof ProblemError && error.status === 403) {
    return {
      title: 'You may not keep recordings of this site',
      detail: `Nothing was changed. It takes the group site-${siteId ?? ''}-admin. If you have been added to it, sign in again.`,
    };
  }
  if (error instanceof ProblemError && error.status === 404) {
    return { title: 'There is no such recording any more', detail: 'It has expired, or someone has deleted it.' };
  }
  const { title, detail } = refusalWords(error, siteId);
  return { title, detail: detail.replace('Nothing was erased', 'Nothing was changed') };
}

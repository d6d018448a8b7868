import type { SiteRecording } from 'contract';

/** What is known of the keeping of a recording. */
export type KeepingState =
  /** It expires at its time. */
  | 'none'
  /** It was asked for, and is being done. */
  | 'copying'
  /** It does not expire. */
  | 'kept'
  /** Its end was asked for, and is being done. */
  | 'ending'
  /** The latest request failed; whether the recording is kept is as before. */
  | 'failed';

/** What this tab has asked for. */
export interface Asked {
  readonly isEnd: boolean;
  readonly atMs: number;
}

/** The API shows a request within a second, as a rule. After this time, what it shows is believed. */
const PATIENCE_MS = 30_000;

/** The state by what the API says of the recording, and by what this tab has asked for. */
export function keepingState({ kept = false, keeping }: Pick<SiteRecording, 'kept' | 'keeping'>, asked: Asked | undefined, nowMs: number): KeepingState {
  const isWaiting = asked !== undefined && nowMs - asked.atMs < PATIENCE_MS;
  if (isWaiting && kept === asked.isEnd) return asked.isEnd ? 'ending' : 'copying';
  if (keeping === 'failed' && !isWaiting) return 'failed';
  if (kept) return 'kept'; // the copies are there, and what may still arrive is looked for
  return keeping === 'copying' || keeping === 'ending' ? keeping : 'none';
}

/** Whether it is worth looking again. */
export function isChanging(state: KeepingState): boolean {
  return state === 'copying' || state === 'ending';
}

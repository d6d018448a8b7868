import type { Erasure } from 'contract';

/** How far an erasure is, as far as this tab knows. */
export type ErasureState =
  /** Neither this tab nor the API knows of one. */
  | { readonly name: 'none' }
  /** The API has accepted it, and does not report it yet. */
  | { readonly name: 'asked'; readonly executionId: string; readonly askedAtMs: number }
  /** The API accepted it, and found nothing to erase. */
  | { readonly name: 'nothing'; readonly askedAtMs: number }
  /** What the API reports. */
  | { readonly name: Erasure['state']; readonly erasure: Erasure };

export const NONE: ErasureState = { name: 'none' };

/** The API reports a new erasure within a second, as a rule. Until then it reports the one before, or none. */
const PATIENCE_MS = 30_000;

/** The state after an answer of the API, which is `undefined` if it knows no erasure. */
export function nextErasureState(before: ErasureState, answer: Erasure | undefined, nowMs: number): ErasureState {
  if (before.name === 'asked' && isOfBefore(before, answer) && nowMs - before.askedAtMs < PATIENCE_MS) return before;
  if (answer) return { name: answer.state, erasure: answer };
  return before.name === 'asked' || before.name === 'nothing' ? { name: 'nothing', askedAtMs: before.askedAtMs } : NONE;
}

/** Whether an answer does not know yet what was asked. One that runs under another id was asked for at the same time. */
function isOfBefore({ executionId }: { executionId: string }, answer: Erasure | undefined): boolean {
  return answer === undefined || (answer.executionId !== executionId && answer.state !== 'removing');
}

/** Whether the API is still at work, so that it is worth looking again. */
export function isRunning({ name }: ErasureState): boolean {
  return name === 'asked' || name === 'removing';
}

/** When it was asked for, in milliseconds since the epoch; `undefined` if it was not. */
export function askedAtMsOf(state: ErasureState): number | undefined {
  if (state.name === 'none') return undefined;
  return 'erasure' in state ? state.erasure.askedAtMs : state.askedAtMs;
}

import type { Erasure, StartedErasure } from 'contract';
import type { Api } from './client';
import { ProblemError } from './errors';

/** What is erased: one recording, or all of one visitor of a site. */
export type Target = { readonly recordingId: string } | { readonly visitorId: string };

function pathOf(target: Target): string {
  return 'recordingId' in target
    ? `/recordings/${encodeURIComponent(target.recordingId)}`
    : `/visitors/${encodeURIComponent(target.visitorId)}`;
}

/** Requests an erasure; to ask twice does no harm. */
export async function startErasure(api: Api, target: Target): Promise<StartedErasure> {
  const answer = await api(pathOf(target), { method: 'DELETE' });
  return (await answer.json()) as StartedErasure;
}

/** The latest erasure of this target; `undefined` if the API knows none. */
export async function getErasure(api: Api, target: Target, signal: AbortSignal): Promise<Erasure | undefined> {
  try {
    return (await (await api(`${pathOf(target)}/erasure`, { signal })).json()) as Erasure;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}

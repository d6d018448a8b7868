import type { SiteRecording } from 'contract';
import type { QueryClient } from '@tanstack/react-query';
import type { Target } from '../api/erasures';
import { type ErasureState, NONE, askedAtMsOf } from './erasure-state';

/** The key of what this tab knows of a target's erasure. `path` is that of its library. */
export function erasureKey(path: string, target: Target): readonly string[] {
  return ['erasure', path, 'recordingId' in target ? `recording ${target.recordingId}` : `visitor ${target.visitorId}`];
}

export function erasureIn(queries: QueryClient, path: string, target: Target): ErasureState {
  return queries.getQueryData<ErasureState>(erasureKey(path, target)) ?? NONE;
}

/** Tells whether this tab has erased a recording, which the index of the API may still list for a moment. */
export function createIsErased(queries: QueryClient, path: string): (recording: SiteRecording) => boolean {
  return ({ recordingId, visitorId, createdAtMs }) => {
    if (erasureIn(queries, path, { recordingId }).name !== 'none') return true;
    const askedAtMs = visitorId === undefined ? undefined : askedAtMsOf(erasureIn(queries, path, { visitorId }));
    return askedAtMs !== undefined && createdAtMs <= askedAtMs; // a later visit is recorded again
  };
}

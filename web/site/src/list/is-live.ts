import type { SiteRecording } from 'contract';
import { LIVE_WITHIN_MS, beganAtMs, isRecent } from '../api/moment';

/** Whether a recording is being made now, by its newest event that is known: a loaded one, or the last that its facts count. */
export function isLive(recording: SiteRecording, loaded: { readonly lastEventAtMs: number } | undefined, nowMs = Date.now()): boolean {
  const { durationMs } = recording;
  const newest = [loaded?.lastEventAtMs, durationMs === undefined ? undefined : beganAtMs(recording) + durationMs];
  return newest.some((atMs) => atMs !== undefined && isRecent(atMs, LIVE_WITHIN_MS, nowMs));
}

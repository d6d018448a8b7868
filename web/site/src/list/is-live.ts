import type { SiteRecording } from 'contract';
import type { Length } from '../api/beginning';
import { livenessOf, withFacts } from '../api/liveness';
import { beganAtMs } from '../api/moment';

/** Whether a recording is being made now, by its newest event: as far as it is loaded, or else by the length in its facts. */
export function isLive(recording: SiteRecording, loaded: Length | undefined, nowMs = Date.now()): boolean {
  if (loaded && !loaded.atLeast) return livenessOf(withFacts(loaded, loaded.durationMs, recording), nowMs) === 'live';
  const { durationMs } = recording;
  if (durationMs === undefined) return false;
  return livenessOf(withFacts({ lastEventAtMs: beganAtMs(recording) + durationMs }, durationMs, recording), nowMs) === 'live';
}

import type { SiteRecording } from 'contract';
import { beganAtMs } from '../api/moment';
import { visitFacts } from '../pages/visitor-facts';
import { browserName, clock, dateAndTime, milliseconds } from '../ui/words';

/** All that is known of a recording as a whole, as names and values. */
export function recordingFacts(recording: SiteRecording): [string, string][] {
  const { viewport, expiresAtMs, retainedUntilMs, browser, userAgent = '', durationMs, lcpMs, inpMs, clsThousandths, slowRequests } = recording;
  const facts: [string, string][] = [
    ['Recorded', dateAndTime(beganAtMs(recording))],
    ['Length', durationMs === undefined ? '' : clock(durationMs)],
    ['Window', viewport ? `${viewport.width} × ${viewport.height}` : ''],
    ['Browser', browser || browserName(userAgent)],
    ['Language', recording.language ?? ''],
    ['Connection', recording.connection ?? ''],
    ...visitFacts(recording),
    ['Slow requests', slowRequests ? String(slowRequests) : ''],
    ['LCP', lcpMs === undefined ? '' : milliseconds(lcpMs)],
    ['INP', inpMs === undefined ? '' : milliseconds(inpMs)],
    ['CLS', clsThousandths === undefined ? '' : (clsThousandths / 1_000).toFixed(3)],
    ['Recording', recording.recordingId],
    ['Deleted after', expiresAtMs === undefined ? '' : dateAndTime(expiresAtMs)],
    ['Kept', retainedUntilMs === undefined ? '' : `it would have been deleted after ${dateAndTime(retainedUntilMs)}`],
  ];
  return facts.filter(([, value]) => value);
}

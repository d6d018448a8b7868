import type { eventWithTime } from '@rrweb/types';
import type { RecorderOptions } from './options';

const NOTHING = { source: 0, texts: [], attributes: [], removes: [], adds: [] };

/**
 * The options with which rrweb sanitizes what it tells the page around this one, by `postMessage` and to any origin, if that
 * one records it by `recordCrossOriginIframes`: such events never come to `emit`.
 *
 * @param sanitize changes an event in place, and returns false if nothing of it may leave
 */
export function withParentTold(options: RecorderOptions, sanitize: (event: eventWithTime) => boolean): RecorderOptions {
  if (!options.recordCrossOriginIframes || !isFramedByAnotherOrigin()) return options;
  const eventProcessor = (event: eventWithTime) => (sanitize(event) ? event : { ...event, type: 3, data: NOTHING });
  return { ...options, plugins: [...(options.plugins ?? []), { name: 'rrweb-store/sanitize', options: {}, eventProcessor } as never] };
}

/** As rrweb asks. */
function isFramedByAnotherOrigin(): boolean {
  try {
    return !window.parent.document;
  } catch {
    return true;
  }
}

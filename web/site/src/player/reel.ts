import type { eventWithTime } from '@rrweb/types';
import { FULL_SNAPSHOT, META } from './event';

export type Reel = ReturnType<typeof createReel>;

/** The events of a recording in order of time, and the one from which a moment can be shown. */
export function createReel(given: readonly eventWithTime[]) {
  const events = [...given].sort((a, b) => a.timestamp - b.timestamp);

  /** Number of events before a timestamp. */
  function countBefore(timestamp: number): number {
    let [low, high] = [0, events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle]!.timestamp < timestamp) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    /** Timestamp of the first full snapshot. */
    firstSnapshotMs: (): number => events.find(({ type }) => (type as number) === FULL_SNAPSHOT)?.timestamp ?? 0,
    all: (): readonly eventWithTime[] => events,
    at: (index: number): eventWithTime | undefined => events[index],
    countBefore,
    /** Adds an event after all others of its time; returns its index. */
    add(event: eventWithTime): number {
      const last = events.at(-1);
      const index = !last || last.timestamp <= event.timestamp ? events.length : countBefore(event.timestamp + 1);
      if (index === events.length) events.push(event);
      else events.splice(index, 0, event);
      return index;
    },
    /** Index of the first event that a moment needs: the last full snapshot before it, or the size that precedes that. */
    startOf(timestamp: number): number {
      for (let index = countBefore(timestamp) - 1; index > 0; index--) {
        if ((events[index]!.type as number) !== FULL_SNAPSHOT) continue;
        return (events[index - 1]!.type as number) === META ? index - 1 : index;
      }
      return 0;
    },
  };
}

import type { eventWithTime } from '@rrweb/types';
import { FULL_SNAPSHOT, META } from './event';

export type Reel = ReturnType<typeof createReel>;

/** The events of a recording in the order of their times, and from where a moment can be shown. */
export function createReel(given: readonly eventWithTime[]) {
  const events = [...given].sort((a, b) => a.timestamp - b.timestamp);

  /** How many events are older than that. */
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
    /** When the first whole picture of the page was made. */
    firstPictureMs: (): number => events.find(({ type }) => (type as number) === FULL_SNAPSHOT)?.timestamp ?? 0,
    at: (index: number): eventWithTime | undefined => events[index],
    countBefore,
    /** Put in one more; gives its place, which is behind all others of its time. */
    add(event: eventWithTime): number {
      const last = events.at(-1);
      const place = !last || last.timestamp <= event.timestamp ? events.length : countBefore(event.timestamp + 1);
      if (place === events.length) events.push(event);
      else events.splice(place, 0, event);
      return place;
    },
    /** The first of the events that make the page of a moment: the last whole picture before it, with its size. */
    beginOf(timestamp: number): number {
      for (let index = countBefore(timestamp) - 1; index > 0; index--) {
        if ((events[index]!.type as number) !== FULL_SNAPSHOT) continue;
        return (events[index - 1]!.type as number) === META ? index - 1 : index;
      }
      return 0;
    },
  };
}

import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import { yieldToBrowser } from './yield-to-browser';
import type { Reel } from './reel';

/** How long the browser may be kept from reacting to input: https://www.w3.org/TR/longtasks/ */
const SLICE_MS = 50;
/** rrweb reports mouse positions up to 500 ms later, so events are needed before their time. */
const AHEAD_MS = 1000;

/** Private parts of rrweb's player. Its version is pinned, and a test that seeks would notice a change. */
interface Service {
  readonly state: { readonly context: { events: eventWithTime[]; lastPlayedEvent: { timestamp: number } | null } };
  send: (event: { type: 'ADD_EVENT'; payload: { event: eventWithTime } }) => void;
}

/**
 * Gives rrweb's player the events when it needs them. By itself, rrweb goes through all of them for each jump and applies
 * the earlier ones in one go: half an hour without a page load would freeze the tab for seconds.
 *
 * @param sliceMs how long a jump may keep the browser from reacting at a time
 */
export function createProjector(replayer: Replayer, reel: Reel, startMs: number, sliceMs = SLICE_MS) {
  const { service } = replayer as unknown as { service: Service };
  /** Replaces the first event, from which rrweb counts, and does nothing. */
  const anchor = { type: 0, data: {}, timestamp: startMs } as eventWithTime;
  const waiting = new Set<eventWithTime>(); // given to rrweb, and not yet shown
  let given = 0; // number of the reel's events that rrweb has
  let going: { playAfter: boolean } | undefined;
  let speed = 1;

  function give(event: eventWithTime): void {
    service.send({ type: 'ADD_EVENT', payload: { event } });
  }

  /** Stops rrweb, which forgets the events that it has not shown yet. */
  function stop(): void {
    replayer.pause();
    while (waiting.size > 0 && given > 0) waiting.delete(reel.at(--given)!);
  }

  /** Moves rrweb to a moment. With `anew`, it rebuilds the page. */
  function place(atMs: number, { anew, playing }: { anew: boolean; playing: boolean }): void {
    const { context } = service.state;
    context.events.splice(0, context.events.length, anchor);
    context.lastPlayedEvent = anew ? { timestamp: Infinity } : null; // later than the moment, so rrweb starts over
    if (playing) replayer.play(atMs);
    else replayer.pause(atMs);
    service.state.context.lastPlayedEvent = null;
  }

  /** Goes to a moment; resolves with whether it got there before it was sent elsewhere. */
  async function go(atMs: number, playAfter: boolean): Promise<boolean> {
    const mine = { playAfter };
    going = mine;
    stop();
    const target = Math.max(startMs + atMs, reel.firstSnapshotMs() + 1); // nothing can be shown before it
    const start = reel.startOf(target);
    const last = given > 0 ? reel.at(given - 1)!.timestamp : -Infinity;
    const anew = last > target || (start >= given && start > 0);
    if (anew) given = start;
    place(target - startMs, { anew, playing: false });
    let ends = performance.now() + sliceMs;
    while (given < reel.countBefore(target)) {
      give(reel.at(given++)!); // applied at once, since it is before the moment
      if (performance.now() < ends) continue;
      await yieldToBrowser();
      if (going !== mine) return false;
      ends = performance.now() + sliceMs;
    }
    going = undefined;
    place(atMs, { anew: false, playing: mine.playAfter });
    if (mine.playAfter) ahead();
    return true;
  }

  /** Gives rrweb the events that it needs soon. */
  function ahead(): void {
    if (going) return;
    const until = startMs + replayer.getCurrentTime() + AHEAD_MS * Math.max(1, speed);
    for (let event = reel.at(given); event && event.timestamp < until; event = reel.at(++given)) {
      waiting.add(event);
      give(event);
    }
  }

  return {
    go,
    ahead,
    /** Stops where it is, or where it is going to. */
    pause(): void {
      if (going) going.playAfter = false;
      else stop();
    },
    /** An event was added to the reel, at this index. Returns whether it came late, and was applied as well as rrweb can. */
    added(event: eventWithTime, index: number): boolean {
      if (index >= given) return false;
      given += 1;
      give(event);
      return true;
    },
    /** rrweb has shown this event. */
    shown: (event: eventWithTime): void => void waiting.delete(event),
    setSpeed(to: number): void {
      speed = to;
      replayer.getCurrentTime(); // advances the clock at the speed so far
      replayer.setConfig({ speed });
    },
    end(): void {
      going = undefined;
    },
  };
}

import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import { browserTurn } from './browser-turn';
import type { Reel } from './reel';

/** How long the page may be kept from answering: https://www.w3.org/TR/longtasks/ */
const SLICE_MS = 50;
/** rrweb tells where the mouse was up to 500 ms later, so events are needed before their time. */
const AHEAD_MS = 1000;

/** What of rrweb's player is private to it. It is pinned, and a test that seeks would notice. */
interface Service {
  readonly state: { readonly context: { events: eventWithTime[]; lastPlayedEvent: { timestamp: number } | null } };
  send: (event: { type: 'ADD_EVENT'; payload: { event: eventWithTime } }) => void;
}

/**
 * Hands rrweb's player the events when it needs them. By itself it goes through all of them for each jump, and applies
 * those before it in one go: half an hour of a page that was never loaded anew would freeze the tab for seconds.
 */
export function createProjector(replayer: Replayer, reel: Reel, startMs: number) {
  const { service } = replayer as unknown as { service: Service };
  /** Stands for the first event, from which rrweb counts, and does nothing. */
  const anchor = { type: 0, data: {}, timestamp: startMs } as eventWithTime;
  const waiting = new Set<eventWithTime>(); // handed over, and not yet shown
  let handed = 0; // how many of the reel's events
  let going: { playAfter: boolean } | undefined;
  let speed = 1;

  function hand(event: eventWithTime): void {
    service.send({ type: 'ADD_EVENT', payload: { event } });
  }

  /** rrweb stops, and forgets what was not shown yet. */
  function stop(): void {
    replayer.pause();
    while (waiting.size > 0 && handed > 0) waiting.delete(reel.at(--handed)!);
  }

  /** Tell rrweb where it is. With `anew`, it shall forget the page that stands. */
  function place(atMs: number, { anew, playing }: { anew: boolean; playing: boolean }): void {
    const { context } = service.state;
    context.events.splice(0, context.events.length, anchor);
    context.lastPlayedEvent = anew ? { timestamp: Infinity } : null; // later than the moment: rrweb begins anew
    if (playing) replayer.play(atMs);
    else replayer.pause(atMs);
    service.state.context.lastPlayedEvent = null;
  }

  /** To a moment; resolves with whether it got there, and was not sent elsewhere meanwhile. */
  async function go(atMs: number, playAfter: boolean): Promise<boolean> {
    const mine = { playAfter };
    going = mine;
    stop();
    const target = Math.max(startMs + atMs, reel.firstPictureMs() + 1); // before it, there is nothing to show
    const begin = reel.beginOf(target);
    const last = handed > 0 ? reel.at(handed - 1)!.timestamp : -Infinity;
    const anew = last > target || (begin >= handed && begin > 0);
    if (anew) handed = begin;
    place(target - startMs, { anew, playing: false });
    let ends = performance.now() + SLICE_MS;
    while (handed < reel.countBefore(target)) {
      hand(reel.at(handed++)!); // at once, since it is before the moment
      if (performance.now() < ends) continue;
      await browserTurn();
      if (going !== mine) return false;
      ends = performance.now() + SLICE_MS;
    }
    going = undefined;
    place(atMs, { anew: false, playing: mine.playAfter });
    if (mine.playAfter) ahead();
    return true;
  }

  /** Hand over what will be needed soon. */
  function ahead(): void {
    if (going) return;
    const until = startMs + replayer.getCurrentTime() + AHEAD_MS * Math.max(1, speed);
    for (let event = reel.at(handed); event && event.timestamp < until; event = reel.at(++handed)) {
      waiting.add(event);
      hand(event);
    }
  }

  return {
    go,
    ahead,
    /** Stop where it is, or where it is going to. */
    pause(): void {
      if (going) going.playAfter = false;
      else stop();
    },
    /** One more event is in the reel, at this place. */
    added(event: eventWithTime, index: number): void {
      if (index >= handed) return;
      handed += 1;
      hand(event); // late: rrweb does what it can
    },
    /** rrweb has shown it. */
    shown: (event: eventWithTime): void => void waiting.delete(event),
    setSpeed(to: number): void {
      speed = to;
      replayer.getCurrentTime(); // bring the clock to now, as fast as it went until now
      replayer.setConfig({ speed });
    },
    end(): void {
      going = undefined;
    },
  };
}

import type { eventWithTime } from '@rrweb/types';
import { watchMovedTexts } from './moved-texts';

/** What a correction needs of the recording. */
export interface Recorded {
  /** Emit an event as rrweb would; it is sanitized like rrweb's own. */
  readonly emit: (event: eventWithTime) => void;
  /** rrweb's id of a node, or -1. */
  readonly idOf: (node: Node) => number;
  readonly nodeOf: (id: number) => Node | null;
}

export interface Watcher {
  /** Called with each of rrweb's events before it is sanitized; changes it in place. */
  readonly correct?: (event: eventWithTime) => void;
  readonly stop?: () => void;
}

const CORRECTIONS: readonly ((recorded: Recorded) => Watcher)[] = [watchMovedTexts];

/** Start them all, before rrweb's first event. */
export function startCorrections(recorded: Recorded): Required<Watcher> {
  const watchers = CORRECTIONS.map((watch) => watch(recorded));
  return {
    correct(event) {
      for (const { correct } of watchers) correct?.(event);
    },
    stop() {
      for (const { stop } of watchers) stop?.();
    },
  };
}

import type { eventWithTime } from '@rrweb/types';
import { watchStyles } from './changed-styles';
import { watchFieldStates } from './field-states';
import { watchVisitorStates } from './visitor-states';
import { watchLiveState } from './live-state';
import { watchMovedTexts } from './moved-texts';

/** What a correction needs of the recording. */
export interface Recorded {
  /** Emit an event as rrweb would; it is sanitized like rrweb's own. */
  readonly emit: (event: eventWithTime) => void;
  /** rrweb's id of a node, or -1. */
  readonly idOf: (node: Node) => number;
  readonly nodeOf: (id: number) => Node | null;
  /** What a field holds, as rrweb would write it: masked unless it may be seen; undefined of a field that it ignores. */
  readonly valueOf: (field: HTMLInputElement) => string | undefined;
}

export interface Watcher {
  /** Called with each of rrweb's events before it is sanitized; changes it in place. */
  readonly correct?: (event: eventWithTime) => void;
  readonly stop?: () => void;
}

const CORRECTIONS: readonly ((recorded: Recorded) => Watcher)[] = [watchStyles, watchFieldStates, watchVisitorStates, watchLiveState, watchMovedTexts];

/** Start them all, before rrweb's first event. */
export function startCorrections(recorded: Recorded): Required<Watcher> {
  const watchers = CORRECTIONS.map((watch) => watch(recorded));
  return {
    correct: (event) => watchers.forEach(({ correct }) => correct?.(event)),
    stop: () => watchers.forEach(({ stop }) => stop?.()),
  };
}

import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';

/** Something that rrweb's player does not show, or shows otherwise than it was seen: a plugin of the player, with parts more. */
export interface Correction {
  /** Style rules for each replayed document. */
  readonly rules?: readonly string[];
  /** Called once, before anything is built. */
  attach?(replayer: Replayer): void;
  /** Called with each event as it is applied; `isSync` while the player goes to a moment. */
  handler?(event: eventWithTime, isSync: boolean, at: { replayer: Replayer }): void;
  /** Called with each node as it is built. rrweb's map of nodes may not be complete yet. */
  onBuild?(node: Node, at: { id: number; replayer: Replayer }): void;
  /** Called each time rrweb has written into the document what it had kept in a copy, on its way to a moment. */
  flush?(replayer: Replayer): void;
  /** Called before a full snapshot replaces the page. */
  restart?(snapshot: eventWithTime, isSync: boolean): void;
  /** Called when the document of a moment stands: after a jump, and after each full snapshot. Also when the clock stops, or has another speed. */
  show?(replayer: Replayer): void;
}

/** Events that are missing from a recording: the payload of the custom event that reports them. */
export interface Dropped {
  readonly reason: 'memory' | 'refused';
  readonly events: number;
  /** The number of them that were only movements of a pointer. */
  readonly movements: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Whether events are missing, and what becomes of a new one. */
export type PipelineState =
  /** New events are taken. None is missing that was not reported. */
  | { readonly name: 'complete' }
  /** New events are taken. Pointer movements are missing, which is reported once there is room. */
  | { readonly name: 'missing'; readonly dropped: Dropped }
  /**
   * New events are dropped: they depend on others that were dropped or refused. Once there is room, that is reported and a new
   * full snapshot follows.
   */
  | { readonly name: 'full'; readonly dropped: Dropped };

export type PipelineEvent =
  /** An event to be taken, if others before it were. */
  | 'event'
  /** A movement of the pointer, while more than half of the memory is used. */
  | 'movement'
  /** An event, while all of the memory is used. */
  | 'overflow'
  /** The API refused a batch for good. */
  | 'refused'
  /** At most half of the memory is used. */
  | 'room';

/**
 * The state after an event. It is the same object if the event is taken, or changes nothing.
 *
 * @param events the number of events in question, and `movements` those among them of the pointer
 */
export function nextPipelineState(state: PipelineState, name: PipelineEvent, events: number, movements: number, atMs: number): PipelineState {
  if (name === 'room') return state.name === 'complete' ? state : { name: 'complete' };
  if (name === 'event' && state.name !== 'full') return state;
  const before: Dropped =
    state.name === 'complete'
      ? { reason: name === 'refused' ? name : 'memory', events: 0, movements: 0, fromMs: atMs, toMs: atMs }
      : state.dropped;
  return {
    name: state.name === 'full' || name !== 'movement' ? 'full' : 'missing',
    dropped: {
      ...before,
      events: before.events + events,
      movements: before.movements + movements,
      toMs: atMs,
    },
  };
}

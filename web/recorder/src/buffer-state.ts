/** What becomes of the events of a tab that may wait for a trigger. */
export type BufferState =
  /** Events are kept and nothing is sent. What earlier pages of the tab have kept is being read. */
  | 'reading'
  /** Events are kept and nothing is sent. */
  | 'buffering'
  /** A trigger came. Everything is sent once what earlier pages have kept is read. */
  | 'capturing'
  /** What was kept has been handed on, and events are sent as they come. */
  | 'live'
  /** The recording ended without a trigger, and nothing is kept. */
  | 'dropped';

export type BufferEvent =
  /** What earlier pages have kept is read, as far as it can be. */
  | 'read'
  /** Something happened that is worth a recording. */
  | 'trigger'
  /** The page is being left: what is to be sent goes now. */
  | 'leave'
  /** The page has returned by the back button; pages between have kept something. */
  | 'return'
  /** A page between has sent everything. */
  | 'elsewhere'
  /** The recording ends. */
  | 'end';

/** Events that are not listed change nothing. */
const NEXT: Record<BufferState, Partial<Record<BufferEvent, BufferState>>> = {
  reading: { read: 'buffering', trigger: 'capturing', elsewhere: 'live', end: 'dropped' },
  buffering: { trigger: 'live', return: 'reading', elsewhere: 'live', end: 'dropped' },
  capturing: { read: 'live', leave: 'live', elsewhere: 'live', end: 'dropped' },
  live: {},
  dropped: {},
};

export const nextBufferState = (state: BufferState, event: BufferEvent): BufferState => NEXT[state][event] ?? state;

/** What a recording is doing, from the call of `startRecording` to its end. */
export type RecordingState =
  /** The page is prerendered, or consent is awaited. */
  | 'waiting'
  /** Likewise, and the page called `pause`. */
  | 'waiting-paused'
  /** The recording may start but is paused. Nothing of it is stored. */
  | 'held'
  /** The page is recorded. */
  | 'recording'
  /** The recording has started and is paused. Events of before are still sent. */
  | 'paused'
  /** The page is not recorded: consent was refused, or the tab is not in the sample. */
  | 'denied'
  /** Nothing more is recorded. The recorded events are being stored. */
  | 'stopping'
  /** Nothing runs any longer. */
  | 'stopped';

export type RecordingEvent =
  /** The page is shown and may be recorded. */
  | 'consented'
  /** The page may not be recorded. */
  | 'denied'
  /** The page called `pause`. */
  | 'pause'
  /** The page called `resume`. */
  | 'resume'
  /** Another user has signed in. A recording of theirs is opened. */
  | 'replaced'
  /** The page called `stop`, the API refuses everything, or the recording could not do its work. */
  | 'stop'
  /** The recorded events are stored, or kept for the next page. */
  | 'finished';

/** Events that are not listed change nothing. */
const NEXT: Record<RecordingState, Partial<Record<RecordingEvent, RecordingState>>> = {
  waiting: { consented: 'recording', denied: 'denied', pause: 'waiting-paused', stop: 'stopped' },
  'waiting-paused': { consented: 'held', denied: 'denied', resume: 'waiting', stop: 'stopped' },
  held: { resume: 'recording', stop: 'stopped' },
  recording: { pause: 'paused', replaced: 'waiting', stop: 'stopping' },
  paused: { resume: 'recording', replaced: 'waiting-paused', stop: 'stopping' },
  denied: { stop: 'stopped' },
  stopping: { finished: 'stopped' },
  stopped: {},
};

export const nextRecordingState = (state: RecordingState, event: RecordingEvent): RecordingState => NEXT[state][event] ?? state;

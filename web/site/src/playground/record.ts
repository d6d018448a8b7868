import { type Recording, startRecording as startRecorder } from '@rrweb-store/recorder';

export interface RecordingOptions {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** Resolves with an ID token. */
  readonly getToken: () => Promise<string>;
  /** Receives errors; the recorder retries by itself. */
  readonly onError: (error: unknown) => void;
}

/** Short, because the live view beside it follows. By default the recorder sends up to half a minute later. */
const FLUSH_MS = 500;
const CANVAS_FPS = 4;

/** Records this page until `stop`, including its canvas. */
export function startRecording(options: RecordingOptions): Recording {
  return startRecorder({
    ...options,
    flushMs: FLUSH_MS,
    recordCanvas: true,
    sampling: { canvas: CANVAS_FPS },
  });
}

import { type Recording, startRecording as startRecorder } from 'recorder';

export interface RecordingOptions {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  /** Gives an ID token. */
  readonly getToken: () => Promise<string>;
  /** Told of what went wrong; the recorder tries again by itself. */
  readonly onError: (error: unknown) => void;
}

/** The live view beside it is to follow at once; a recorder that nobody watches takes up to half a minute. */
const FLUSH_MS = 500;
const CANVAS_FPS = 4;

/** Record this page until `stop`, its canvas and images included. */
export function startRecording(options: RecordingOptions): Recording {
  return startRecorder({
    ...options,
    flushMs: FLUSH_MS,
    inlineImages: true,
    recordCanvas: true,
    sampling: { canvas: CANVAS_FPS },
  });
}

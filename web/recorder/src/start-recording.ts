import type { RecorderOptions } from './options';
import { type Recording, createRecording } from './recording';
import { openSession } from './session';

const SHOWN = 'prerenderingchange';

/** The recording that runs on this page. */
let current: Recording | undefined;

/**
 * Record this page and send it to `apiUrl`.
 *
 * Never throws; a page that is recorded already gets the recording that runs.
 */
export function startRecording(options: RecorderOptions): Recording {
  if (current) return current;
  const [recording, show] = createRecording(options, openSession, onError, onEnd);
  current = recording;
  // A page that is prerendered may never be shown, and what the tab remembers is not for it yet.
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener(SHOWN, show, { once: true });
  else show();
  return recording;

  function onEnd(): void {
    document.removeEventListener(SHOWN, show);
    current = undefined;
  }

  /** A guest does not throw into the page, not even the errors of the page's own function. */
  function onError(error: unknown): void {
    try {
      options.onError?.(error);
    } catch {
      // the page's own
    }
  }
}

import type { RecorderOptions } from './options';
import { type Recording, createRecording } from './recording';
import { openSession } from './session';
import { isSupported } from './supported';

const SHOWN = 'prerenderingchange';

/** The running recording of this page. */
let current: Recording | undefined;

/**
 * Record this page and send it to `apiUrl`, or to the `writeUrl` of a site.
 *
 * Never throws. On a page that is already recorded it returns the running recording. In a browser that is too old it
 * returns one that does nothing.
 */
export function startRecording(options: RecorderOptions): Recording {
  if (current) return current;
  const [recording, show] = createRecording(options, openSession, onError, onEnd);
  current = recording;
  // A prerendered page may never be shown, and must not use the tab's state before.
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener(SHOWN, show, { once: true });
  else if (isSupported()) show();
  return recording;

  function onEnd(): void {
    document.removeEventListener(SHOWN, show);
    current = undefined;
  }

  /** A guest never throws into the page, not even errors of the page's own function. */
  function onError(error: unknown): void {
    try {
      options.onError?.(error);
    } catch {
      // an error of the page's own
    }
  }
}

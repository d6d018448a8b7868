import type { RecorderOptions } from './options';
import type { LoadPlugin } from './plugins';
import { type Recording, createRecording } from './recording';
import { openSession } from './session';
import { isSupported } from './supported';

const SHOWN = 'prerenderingchange';

/** The running recording of this page. */
let current: Recording | undefined;

/** Make `startRecording`, whose recordings get their plugins by this function. */
export const createStart = (load: LoadPlugin) => (options: RecorderOptions): Recording => start(options, load);

function start(options: RecorderOptions, load: LoadPlugin): Recording {
  if (current) return current;
  const [recording, show] = createRecording(options, (given, isPaused, dispatch, tellError) => openSession(given, isPaused, dispatch, tellError, load), onError, onEnd);
  current = recording;
  // A prerendered page may never be shown, and must not use the tab's state before.
  if ((document as { prerendering?: boolean }).prerendering === true) document.addEventListener(SHOWN, show, { once: true });
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

import { aboutPage } from './about-page';
import type { Continuation } from './continuation';
import type { Delivery } from './delivery';
import type { Destination } from './destination';
import type { UserOptions } from './options';
import { type PlaceOptions, levelOf } from './place';
import { quietFetch } from './quiet-fetch';
import type { AddressOptions } from './shown-address';

/**
 * Make a function that creates the recording at the API, with the page as lists show it; once, however often it is called.
 *
 * Given a function that draws a picture, it stores that first: createRecording says whether there is one. Where texts are
 * masked it takes none, which would show them. Without a picture, all is done before it returns.
 */
export function createDescription(
  destination: Destination,
  { recordingId, created, startedAtMs: capturedFromMs, mode }: Continuation,
  delivery: Delivery,
  onError: (error: unknown) => void,
  options: PlaceOptions & AddressOptions,
): (screenshot?: UserOptions['screenshot']) => Promise<void> {
  const startedAtMs = Date.now();
  /** `unsent`: the recording is not known to the API, and createRecording is not on its way. */
  let state: 'unsent' | 'sent' = created() ? 'sent' : 'unsent';

  async function storeScreenshot(draw: () => Promise<Blob | undefined>): Promise<boolean> {
    const picture = await draw();
    if (!picture || state === 'sent') return false;
    const outgoing = await destination.screenshot?.(recordingId, picture);
    return !!outgoing && (await quietFetch(outgoing.url, outgoing.request)).ok;
  }

  return async (screenshot) => {
    if (mode() === 'buffering') return; // it is none yet
    const isStored = screenshot && state === 'unsent' && levelOf(options) === 'inputs' && (await storeScreenshot(screenshot).catch(onError));
    if (state === 'sent') return;
    const text = destination.creation(aboutPage(capturedFromMs() ?? startedAtMs, !!isStored, options));
    delivery.add({ recordingId, sequence: null, text, events: 0, assets: [] });
    state = 'sent'; // last: as a page goes, Firefox may end a script before it is done
  };
}

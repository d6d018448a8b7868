import { createStart } from './start-recording';
import { importPlugin } from './imported-plugins';

export * from './shared-exports';

/**
 * Record this page and send it to `apiUrl`, or to the `writeUrl` of a site.
 *
 * Never throws. On a page that is already recorded it returns the running recording. In a browser that is too old it
 * returns one that does nothing.
 */
export const startRecording = createStart(importPlugin);

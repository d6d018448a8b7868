/** rrweb's own client, started as in its README. A page gets its events by `window.heard`. */
import { getRecordingId, start } from '@rrweb/browser-client';

/** @type {Window & { heard?: (event: unknown) => void, recordingId?: string | null | undefined }} */
const page = window;
start({
  serverUrl: `${settings.sink}/recordings/{recordingId}/events/ws`,
  publicApiKey: settings.token,
  emit: (/** @type {unknown} */ event) => page.heard?.(event),
});
page.recordingId = getRecordingId();

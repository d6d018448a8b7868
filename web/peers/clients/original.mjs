/** What the original program does: one request for each event, in plain JSON. Its screenshot is left out. */
import { record } from '@rrweb/record';

const recordingId = `${new Date().toISOString()}-${Math.random().toString(36).slice(2)}`;

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} value
 */
function send(method, path, value) {
  const headers = { 'Content-Type': 'application/json' };
  void fetch(`${settings.sink}/recordings/${recordingId}${path}`, { method, headers, body: JSON.stringify(value) });
}

send('PUT', '', { sessionId: recordingId });
record({ emit: (rrwebEvent) => send('POST', '/events', { sessionId: recordingId, rrwebEvent, sequence: 0 }) });

/** OpenReplay's tracker. The option lets it start without TLS, and changes nothing else. */
import Tracker from '@openreplay/tracker';

const tracker = new Tracker({ projectKey: 'project', ingestPoint: settings.sink, __DISABLE_SECURE_MODE: true });
void tracker.start();

/** OpenReplay's tracker. The option only lets it start without TLS. */
import Tracker from '@openreplay/tracker';

const tracker = new Tracker({ projectKey: 'project', ingestPoint: settings.sink, __DISABLE_SECURE_MODE: true });
void tracker.start();

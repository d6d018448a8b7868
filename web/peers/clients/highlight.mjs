/** highlight.run, recording sessions only. It always sends traces; they go to another address and are not counted. */
import { H } from 'highlight.run';

H.init('1', {
  backendUrl: settings.sink,
  otlpEndpoint: `${location.origin}/otel`,
  disableConsoleRecording: true,
  networkRecording: { enabled: false },
  reportConsoleErrors: false,
  tracingOrigins: false,
});

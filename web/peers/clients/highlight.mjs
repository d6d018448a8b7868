/** highlight.run with its recording of sessions alone. The traces that it always sends go elsewhere, where nobody counts them. */
import { H } from 'highlight.run';

H.init('1', {
  backendUrl: settings.sink,
  otlpEndpoint: `${location.origin}/otel`,
  disableConsoleRecording: true,
  networkRecording: { enabled: false },
  reportConsoleErrors: false,
  tracingOrigins: false,
});

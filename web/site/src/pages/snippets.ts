import { bookmarkletUrl } from 'recorder/bookmarklet';
import { UnreachableError } from '../api/errors';
import type { SiteConfig } from '../config';

type Values = Pick<SiteConfig, 'apiUrl' | 'siteUrl'>;

/** A JavaScript string literal of the value, safe inside a script element as well. */
function quoted(value: string): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

export function scriptTag({ apiUrl, siteUrl }: Values): string {
  return `<script src=${quoted(`${siteUrl}/recorder.iife.js`)}></script>
<script>
  rrwebRecorder.startRecording({
    apiUrl: ${quoted(apiUrl)},
    getToken: async () => myIdToken(), // an ID token of this stack's pool
  });
</script>`;
}

export function npmModule({ apiUrl }: Values): string {
  return `import { startRecording } from "recorder";

const recording = startRecording({
  apiUrl: ${quoted(apiUrl)},
  getToken: async () => myIdToken(), // an ID token of this stack's pool
});

await recording.stop(); // sends what is left`;
}

/** The URL of a bookmark that records the open page and sends it through a window of this site. */
export async function bookmarklet({ siteUrl }: Values, signal: AbortSignal): Promise<string> {
  const answer = await fetch('/bookmarklet.iife.js', { signal });
  if (!answer.ok) throw new UnreachableError(`the bookmark's script returned status ${answer.status}`);
  return bookmarkletUrl(await answer.text(), `${siteUrl}/relay`);
}

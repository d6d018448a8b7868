import { bookmarkletUrl } from 'recorder/bookmarklet';
import { UnreachableError } from '../api/errors';
import type { SiteConfig } from '../config';

type Values = Pick<SiteConfig, 'apiUrl' | 'siteUrl'>;

/** A value as a string of JavaScript that is safe inside a script element, too. */
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

/** The address of a bookmark that records the page that is open, and sends it by a window of this site. */
export async function bookmarklet({ siteUrl }: Values, signal: AbortSignal): Promise<string> {
  const answer = await fetch('/bookmarklet.iife.js', { signal });
  if (!answer.ok) throw new UnreachableError(`the bookmark's script was answered with ${answer.status}`);
  return bookmarkletUrl(await answer.text(), `${siteUrl}/relay`);
}

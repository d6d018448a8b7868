import type { SiteConfig } from '../config';

type Values = Pick<SiteConfig, 'apiUrl' | 'siteUrl'>;

/** A value as a string of JavaScript that is safe inside a script element, too. */
function quoted(value: string): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

export function scriptTag({ apiUrl, siteUrl }: Values): string {
  return `<script type="module">
  import { startRecording } from ${quoted(`${siteUrl}/recorder.js`)};

  startRecording({
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

/** A bookmark that loads the recorder into the page that is open. It holds no token: the recorder asks for one. */
export function bookmarklet({ siteUrl }: Values): string {
  const script = `import(${quoted(`${siteUrl}/bookmarklet.js`)}).catch(()=>alert("This page lets no recorder in."))`;
  return `javascript:${encodeURIComponent(`void ${script}`)}`;
}

import type { WatchedSite } from 'contract';
import { bookmarkletUrl } from '@rrweb-store/recorder/bookmarklet';
import { TAG_FILE } from '@rrweb-store/recorder/tag-file';
import { UnreachableError } from '../api/errors';
import type { SiteConfig } from '../config';

type Values = Pick<SiteConfig, 'apiUrl' | 'siteUrl'>;

/** A JavaScript string literal of the value, safe inside a script element as well. */
function quoted(value: string): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

/** The value of an attribute in double quotes. */
function attribute(value: string): string {
  return `"${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;
}

/** The tag that records the visitors of a site. */
export function siteTag({ apiUrl, siteUrl }: Values, { writeKey, privacy }: Pick<WatchedSite, 'writeKey' | 'privacy'>): string {
  return `<script async src=${attribute(`${siteUrl}/${TAG_FILE}`)}
  data-write-url=${attribute(`${apiUrl}/w/${writeKey}`)}
  data-privacy=${attribute(privacy)}></script>`;
}

/** What a page's content security policy has to allow for that tag. */
export function contentPolicy({ apiUrl, siteUrl }: Values): string {
  return `script-src ${new URL(siteUrl).origin};\nconnect-src ${new URL(apiUrl).origin};`;
}

/** The setting that declares a site. */
export function siteDeclaration(): string {
  return `# Pulumi.<stack>.yaml
config:
  rrweb-store:sites:
    - id: shop
      keys: [wk_…] # one that \`make site-key\` prints
      origins: [https://shop.example]`;
}

/** The command by which an operator lets someone watch a site. */
export const WATCHER_COMMAND = 'make watcher STACK=<stack> EMAIL=<email address> SITE=shop';

/** The tag that records a user who is signed in to the page. */
export function scriptTag({ apiUrl, siteUrl }: Values): string {
  return `<script src=${quoted(`${siteUrl}/${TAG_FILE}`)}></script>
<script>
  rrwebRecorder.startRecording({
    apiUrl: ${quoted(apiUrl)},
    getToken: async () => myIdToken(), // an ID token of this stack's pool
  });
</script>`;
}

/** The same from a bundle, with the ID token of a user whom oidc-client-ts has signed in. */
export function npmModule({ apiUrl, issuerUrl, userPoolClientId }: Pick<SiteConfig, 'apiUrl' | 'issuerUrl' | 'userPoolClientId'>): string {
  return `import { UserManager } from "oidc-client-ts";
import { startRecording } from "@rrweb-store/recorder"; // which make packages builds

const users = new UserManager({
  authority: ${quoted(issuerUrl)},
  client_id: ${quoted(userPoolClientId)}, // or another client of this pool
  redirect_uri: location.origin + "/signed-in",
  scope: "openid email",
});

startRecording({
  apiUrl: ${quoted(apiUrl)},
  getToken: async () => {
    const user = await users.getUser();
    if (!user?.id_token || user.expired) throw new Error("no user is signed in");
    return user.id_token;
  },
});`;
}

/** The URL of a bookmark that records the open page and sends it through a window of this site. */
export async function bookmarklet({ siteUrl }: Values, signal: AbortSignal): Promise<string> {
  const answer = await fetch('/bookmarklet.iife.js', { signal });
  if (!answer.ok) throw new UnreachableError(`the bookmark's script returned status ${answer.status}`);
  return bookmarkletUrl(await answer.text(), `${siteUrl}/relay`);
}

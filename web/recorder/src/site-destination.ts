import { base64OfHex } from 'assets';
import type { DestinationKind, Meaning, Outgoing } from './destination';
import type { SiteOptions } from './options';
import { FACTS, type Parcel, contentOf } from './parcel';
import { uuidv4 } from './uuid';
import { visitorId } from './visitor';

/** The function that answers with an asset of a site answers with no more than 4.5 MB. */
const MAX_ASSET_BYTES = 4_400_000;
const WRITE_URL = /^(https?:\/\/[^\s/?#]+(?:\/[^\s?#]*)?\/w)\/(wk_[a-z0-9]+)\/?$/;
const VISITORS = ['browser', 'tab', 'none'];

/**
 * Recordings of a site's visitors, who have no account: the site's write key is the owner.
 *
 * Every request is a simple one, by https://fetch.spec.whatwg.org/#http-cors-protocol: a browser sends it without asking
 * before, also as the page goes. So it has no header but the type, to which a browser adds no charset then. No body is a
 * blob: the page would wait for the browser's process, and of a tab that is closed, Firefox 153 lost four of ten, as it
 * reads them after the page.
 */
export function siteKind({ writeUrl, visitor = 'browser' }: SiteOptions): DestinationKind {
  const [, url, key] = WRITE_URL.exec(writeUrl) ?? [];
  if (!url || !key) throw new TypeError(`writeUrl must be <apiUrl>/w/<write key>, got ${writeUrl}`);
  if (!VISITORS.includes(visitor)) throw new TypeError(`visitor must be one of ${VISITORS.join(', ')}, got ${visitor}`);
  const post = (path: string, body: Uint8Array<ArrayBuffer>, owner = key): Outgoing => ({
    url: `${url}/${owner}/${path}`,
    request: { method: 'POST', body, headers: { 'Content-Type': 'text/plain' } },
    bytes: body.length,
  });
  const send = (parcel: Parcel): Outgoing => {
    const { recordingId, sequence, owner } = parcel;
    const part = sequence === null ? '' : sequence === FACTS ? '/facts' : `/events/${`${sequence}`.padStart(9, '0')}`;
    return post(`recordings/${recordingId}${part}`, contentOf(parcel), owner);
  };

  return {
    newId: uuidv4,
    owner: key,
    open: () => ({
      url,
      maxAssetBytes: MAX_ASSET_BYTES,
      renewsAssets: false, // what one visitor has stored, no other may replace
      sendsSnapshots: false,
      factsOf: 'all',
      owner: () => key,
      sendsFor: () => true, // a batch of before the key was exchanged goes with its own key
      identify: async () => send,
      held: () => send,
      meaning: (status, parcel) => meaning(status, parcel, key),
      asset({ sha256, bytes }, step) {
        const path = `assets/${sha256}`;
        if (step === 'check') return [`${url}/${key}/${path}`, { method: 'HEAD', cache: 'no-store' }];
        const { url: to, request } = post(`${path}?checksum=${encodeURIComponent(base64OfHex(sha256))}`, bytes);
        return [to, request];
      },
      creation: (about) => JSON.stringify({ ...JSON.parse(about), hasScreenshot: undefined, visitorId: visitorId(visitor) }),
    }),
  };
}

function meaning(status: number, { sequence, owner }: Parcel, key: string): Meaning {
  // 412: this number is stored. 409 of a recording: it exists; of a batch: a request of ours is writing it now.
  if ((status >= 200 && status < 300) || status === 412 || (status === 409 && sequence === null)) return 'stored';
  if (status === 403 && owner === key) return 'closed';
  return status === 408 || status === 409 || status === 429 || status >= 500 ? 'again' : 'refused';
}

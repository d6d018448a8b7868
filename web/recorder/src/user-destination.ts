import { MAX_ASSET_BYTES, assetRequest } from 'assets';
import type { DestinationKind, Meaning, Outgoing, Sender } from './destination';
import { FACTS, type Parcel, contentOf, isBatch, packNow } from './parcel';
import { createTokenSource } from './token-source';
import { uuidv7 } from './uuid';

/** Less than `POST …/events` takes (docs/api.md). */
export const MAX_STREAM_BYTES = 760_000;
/** UTF-8 bytes of one UTF-16 code unit. */
const MAX_UTF8_BYTES = 3;

/** Recordings of a signed-in user, whom the tokens name. */
export function userKind(apiUrl: string, getToken: () => Promise<string>): DestinationKind {
  const url = apiUrl.replace(/\/$/, '');
  return {
    newId: () => uuidv7(),
    open(recording, onOtherUser) {
      const token = createTokenSource(getToken, recording, onOtherUser);
      const recordings = `${url}/recordings/`;
      const sender = (bearer: string): Sender => (parcel) => requestOf(recordings, parcel, bearer);

      return {
        url,
        maxAssetBytes: MAX_ASSET_BYTES,
        renewsAssets: true,
        sendsSnapshots: true,
        factsOf: 'remarkable', // they take two requests more, since a browser asks first
        owner: token.owner,
        sendsFor: (owner) => owner === token.owner(),
        identify: async () => sender(await token.get()),
        held() {
          const bearer = token.held();
          return bearer ? sender(bearer) : undefined;
        },
        meaning,
        asset: (asset, step) => assetRequest(url, token.held()!, asset, step),
        creation: (about) => about,
        async screenshot(recordingId, picture) {
          const headers = { Authorization: `Bearer ${await token.get()}`, 'Content-Type': picture.type };
          return { url: `${recordings}${recordingId}/screenshot`, request: { method: 'PUT', body: picture, headers }, bytes: picture.size };
        },
      };
    },
  };
}

/** A batch goes to the stream, or to S3 if it is larger than the stream takes. */
function requestOf(recordings: string, parcel: Parcel, bearer: string): Outgoing {
  const { recordingId, sequence } = parcel;
  const isAbout = !isBatch(parcel);
  if (!isAbout && (parcel.large || parcel.text.length > MAX_STREAM_BYTES / MAX_UTF8_BYTES)) packNow(parcel); // S3 gets gzip only
  const body = contentOf(parcel);
  const bytes = body.length;
  const isLarge = parcel.large || bytes > MAX_STREAM_BYTES;
  const isPut = isAbout || isLarge;
  const headers: Record<string, string> = {
    Authorization: `Bearer ${bearer}`,
    'Content-Type': `application/${isAbout ? 'json' : parcel.body ? 'gzip' : 'x-ndjson'}`,
  };
  if (!isPut) headers['Batch-Sequence'] = `${sequence}`;
  return {
    url: `${recordings}${recordingId}${sequence === FACTS ? '/facts' : isAbout ? '' : '/events'}${isLarge ? `/${sequence}` : ''}`,
    request: { method: isPut ? 'PUT' : 'POST', headers, body },
    bytes,
  };
}

function meaning(status: number, parcel: Parcel): Meaning {
  if (status === 413 && isBatch(parcel) && !parcel.large) return 'too large';
  // 409 of a large batch: a request of ours is writing it now. 409 of createRecording, and 412: it is stored.
  if ((status >= 200 && status < 300) || status === 409 || status === 412) return 'stored';
  if (status === 401) return 'unauthorized';
  return status === 408 || status === 429 || status >= 500 ? 'again' : 'refused';
}

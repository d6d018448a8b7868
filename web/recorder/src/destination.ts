import type { Asset, AssetStep } from 'assets';
import type { Continuation } from './continuation';
import type { RecorderOptions } from './options';
import type { Parcel } from './parcel';
import { siteKind } from './site-destination';
import { userKind } from './user-destination';

/** A request to be made with `fetch`. */
export interface Outgoing {
  readonly url: string;
  readonly request: RequestInit;
  /** Of its body. */
  readonly bytes: number;
}

/** Makes the request of a parcel, with what is known of its owner at this moment. */
export type Sender = (parcel: Parcel) => Outgoing;

/** What an answer says of a parcel. */
export type Meaning =
  | 'stored'
  /** It failed, and may be stored later. */
  | 'again'
  /** Its token is refused. */
  | 'unauthorized'
  /** It has to be sent as a large batch. */
  | 'too large'
  /** It will never be taken. */
  | 'refused'
  /** Nothing of this page will ever be taken. */
  | 'closed';

/** How recordings of one kind of owner are written; everything else of the recorder knows of no kind. */
export interface Destination {
  /** Names what is kept for it in the browser. */
  readonly url: string;
  /** Larger images and fonts stay in their batch. */
  readonly maxAssetBytes: number;
  /** Whether an asset may be stored again, so that it lives as long as a new recording. */
  readonly renewsAssets: boolean;
  /** Whether a snapshot is sent sooner than other events, for those who watch live. */
  readonly sendsSnapshots: boolean;
  /** The owner of what is recorded now; `undefined` while it is not known. */
  readonly owner: () => string | undefined;
  /** Whether parcels that were kept for this owner can be sent. */
  readonly sendsFor: (owner: string) => boolean;
  /** Finds out who the owner is, before each request. Rejects while nothing can be sent. */
  readonly identify: () => Promise<Sender>;
  /** The same within this task, for a page that goes; `undefined` if nothing can be sent. */
  readonly held: () => Sender | undefined;
  readonly meaning: (status: number, parcel: Parcel) => Meaning;
  readonly asset: (asset: Asset, step: AssetStep) => readonly [url: string, request: RequestInit];
  /** The body that creates a recording, from what `aboutPage` returns. */
  readonly creation: (about: string) => string;
  /** The request that stores a recording's picture; undefined where there are none. */
  readonly screenshot?: (recordingId: string, picture: Blob) => Promise<Outgoing>;
  /** Whether the facts of every recording are stored, or of those alone in which something is remarkable. */
  readonly factsOf: 'all' | 'remarkable';
}

/** A destination, as far as it is known before there is a recording. */
export interface DestinationKind {
  /** Makes the id of a recording. */
  readonly newId: () => string;
  /** The owner of every recording, if that is known from the start. */
  readonly owner?: string;
  /** @param onOtherUser called when the owner has changed */
  readonly open: (recording: Pick<Continuation, 'owner' | 'setOwner'>, onOtherUser: () => void) => Destination;
}

/** Throws if the options name no destination, or two. */
export function destinationKind(options: RecorderOptions): DestinationKind {
  const { apiUrl, getToken, writeUrl } = options;
  if (writeUrl !== undefined) {
    if (apiUrl !== undefined || getToken !== undefined) throw new TypeError('writeUrl excludes apiUrl and getToken');
    return siteKind(options);
  }
  if (typeof apiUrl !== 'string' || typeof getToken !== 'function') throw new TypeError('writeUrl is needed, or apiUrl and getToken');
  return userKind(apiUrl, getToken);
}

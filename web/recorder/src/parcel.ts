import type { Asset } from 'assets';
import { gzip } from './gzip';
import { storedMember } from './stored-member';

/** One request that must arrive: a batch of events, or what is known of the recording. */
export interface Parcel {
  readonly recordingId: string;
  /** Place of the batch in the recording; `null` is createRecording, whose body is `text`. */
  readonly sequence: number | null;
  /** Lines of JSON. Once any of it has left this page, no other events may go under its sequence. */
  text: string;
  events: number;
  /** What the events refer to, and must be stored first. */
  assets: readonly Asset[];
  /** The lines before those of `text`, as gzip members (RFC 1952, 2.2). */
  body?: Uint8Array<ArrayBuffer> | null;
  /** The stream refused its size, so it goes to S3. */
  large?: boolean;
  /** Where it lies in the outbox, if it does. */
  kept?: string;
  /** Its user, once that is certain: their token was asked for after all of it was gathered. */
  owner?: string | undefined;
}

export function bytesOf({ body, text, assets }: Parcel): number {
  return (body?.length ?? 0) + text.length + assets.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/**
 * Make a member of what is text now; false where the browser cannot.
 *
 * It stays text until that is done, and if somebody else was faster: the page may go meanwhile.
 */
export async function pack(parcel: Parcel): Promise<boolean> {
  const { text, body } = parcel;
  const member = await gzip(text);
  if (member && parcel.body === body) append(parcel, member, text.length);
  return !!member;
}

/** Make a member of all text in this very task, which no time is left to compress, or which the browser cannot. */
export function packNow(parcel: Parcel): void {
  if (parcel.text) append(parcel, storedMember(parcel.text), parcel.text.length);
}

function append(parcel: Parcel, member: Uint8Array<ArrayBuffer>, length: number): void {
  const before = parcel.body ?? new Uint8Array();
  parcel.body = new Uint8Array(before.length + member.length);
  parcel.body.set(before);
  parcel.body.set(member, before.length);
  parcel.text = parcel.text.slice(length);
}

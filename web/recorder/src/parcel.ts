import type { Asset } from 'assets';
import type { Mark } from './continuation';
import { gzip } from './gzip';
import { storedMember } from './stored-member';

/** The sequence of a recording's facts: they are sent after every batch. */
export const FACTS = Infinity;

/** The content of one request that must arrive: a batch of events, createRecording, or the facts of a recording. */
export interface Parcel {
  readonly recordingId: string;
  /** The batch's place in the recording; `null` is createRecording, and both it and {@link FACTS} have the body `text`. */
  readonly sequence: number | null;
  /** Lines of JSON. Once any of them has left this page, no other events may use its sequence. */
  text: string;
  events: number;
  /** The assets that the events refer to. They must be stored first. */
  assets: readonly Asset[];
  /** The lines before those of `text`, as gzip members (RFC 1952, 2.2). */
  body?: Uint8Array<ArrayBuffer> | null;
  /** It is too large for the stream and goes to S3. */
  large?: boolean;
  /** Of a part of a buffer that begins with a full snapshot. */
  mark?: Mark | undefined;
  /** Its key in the outbox, if it is kept there. */
  kept?: string;
  /** Its owner, once that is certain: a user, once a token has named them after all of it was gathered. */
  owner?: string | undefined;
}

export const isBatch = ({ sequence }: Parcel): boolean => Number.isFinite(sequence);

/** The body of its request. */
export const contentOf = ({ body, text }: Parcel): Uint8Array<ArrayBuffer> => body ?? new TextEncoder().encode(text);

export function bytesOf({ body, text, assets }: Parcel): number {
  return (body?.length ?? 0) + text.length + assets.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/**
 * Compress the current text to a gzip member; false if the browser cannot.
 *
 * The text stays until that is done, and also if `packNow` was faster because the page is being left.
 */
export async function pack(parcel: Parcel): Promise<boolean> {
  const { text, body } = parcel;
  const member = await gzip(text);
  if (member && parcel.body === body) append(parcel, member, text.length);
  return !!member;
}

/** Store all text in an uncompressed member within this task: there is no time to compress it, or the browser cannot. */
export function packNow(parcel: Parcel): void {
  if (parcel.text) append(parcel, storedMember(parcel.text), parcel.text.length);
}

function append(parcel: Parcel, member: Uint8Array<ArrayBuffer>, length: number): void {
  const before = parcel.body ?? new Uint8Array();
  const body = new Uint8Array(before.length + member.length);
  body.set(before);
  body.set(member, before.length);
  const text = parcel.text.slice(length);
  parcel.body = body; // a script that is ended before this has changed nothing
  parcel.text = text;
}

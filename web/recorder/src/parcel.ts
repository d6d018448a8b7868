import type { Asset } from 'assets';

/** One request that must arrive: a batch of events, or what is known of the recording. */
export interface Parcel {
  readonly recordingId: string;
  /** Place of the batch in the recording; `null` is createRecording, whose body is `text`. */
  readonly sequence: number | null;
  /** Lines of JSON. Once any of it has left this page, no other events may go under its sequence. */
  text: string;
  readonly events: number;
  /** What `text` refers to, and must be stored first. */
  assets: readonly Asset[];
  /** `text` as gzip, once made. */
  body?: Uint8Array<ArrayBuffer> | undefined;
  /** The stream refused its size, so it goes to S3. */
  large?: boolean;
  /** It lies in the outbox. */
  kept?: boolean;
}

export function bytesOf(parcel: Parcel): number {
  return (parcel.body?.length ?? parcel.text.length) + parcel.assets.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

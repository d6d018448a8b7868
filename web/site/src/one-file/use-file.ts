import { usePlayback } from '../player/use-playback';
import type { OpenedFile } from './opened-file';

/** A playback of the recording in a file. */
export function useFile({ about, readPage, readAsset }: OpenedFile, atMs: number | undefined, autoplay: boolean) {
  const { createdAtMs, userAgent } = about.recording;
  return usePlayback({ readPage, readAsset, createdAtMs, userAgent, atMs, autoplay, withRows: true });
}

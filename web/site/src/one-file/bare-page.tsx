import { useEffect } from 'react';
import { Screen } from '../player/screen';
import { usePlayback } from '../player/use-playback';
import type { OpenedFile } from './opened-file';
import { type Remote, createRemote } from './remote';

declare global {
  interface Window {
    replay?: Remote;
  }
}

/** The visitor's screen and nothing around it, for a program that takes pictures. */
export function BarePage({ file, atMs }: { file: OpenedFile; atMs: number | undefined }) {
  const { createdAtMs, userAgent } = file.about.recording;
  const { playback, state, setRoot } = usePlayback({
    readPage: file.readPage,
    readAsset: file.readAsset,
    createdAtMs,
    userAgent,
    atMs,
    autoplay: false,
    withRows: true,
  });
  useEffect(() => {
    window.replay = createRemote(playback, file);
  }, [playback, file]);
  return (
    <main className="bare">
      <Screen view={{ ...state.view, touch: false }} label="The recorded page" setRoot={setRoot} />
    </main>
  );
}

import { useEffect } from 'react';
import { Screen } from '../player/screen';
import type { OpenedFile } from './opened-file';
import { type Remote, createRemote } from './remote';
import { useFile } from './use-file';

declare global {
  interface Window {
    replay?: Remote;
  }
}

/** The visitor's screen and nothing around it, for a program that takes pictures. */
export function BarePage({ file, atMs }: { file: OpenedFile; atMs: number | undefined }) {
  const { playback, state, setRoot } = useFile(file, atMs, false);
  useEffect(() => {
    window.replay = createRemote(playback, file);
  }, [playback, file]);
  return (
    <main className="bare">
      <Screen view={{ ...state.view, touch: false }} label="The recorded page" setRoot={setRoot} />
    </main>
  );
}

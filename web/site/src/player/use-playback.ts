import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Playback, type PlaybackOptions, createPlayback } from './playback';
import type { PlaybackState } from './playback-state';

/** A playback that lives as long as the component. Later changes of the options have no effect. */
export function usePlayback(options: PlaybackOptions): {
  playback: Playback;
  state: PlaybackState;
  /** Takes the element to play into. */
  setRoot: (element: HTMLElement | null) => void;
} {
  const [playback] = useState(() => createPlayback(options));
  const [root, setRoot] = useState<HTMLElement | null>(null);
  useEffect(() => (root ? playback.attach(root) : undefined), [playback, root]);
  useEffect(() => {
    const goOn = (): void => (playback.state().error === undefined ? undefined : playback.retry());
    addEventListener('online', goOn);
    return () => removeEventListener('online', goOn);
  }, [playback]);
  return { playback, state: useSyncExternalStore(playback.subscribe, playback.state), setRoot };
}

/** What a program does with the page that shows a recording alone, by `window.replay`. */
import { momentsOf } from '../panels/moments';
import type { Playback } from '../player/playback';
import { isReady } from '../player/playback-state';
import { type Size, screenOf } from '../player/view';
import type { OpenedFile } from './opened-file';

export interface Remote {
  /** Resolves when everything is loaded. Times count from the first event; `startMs` is the moment that the file opens at. */
  readonly opened: () => Promise<{ readonly canPlay: boolean; readonly startMs: number; readonly totalMs: number; readonly errorsAtMs: readonly number[]; readonly screen: Size }>;
  /** Resolves with the size of the visitor's screen when the moment is shown. */
  readonly show: (atMs: number) => Promise<Size>;
}

/** A picture that does not load stops nothing. */
const PATIENCE_MS = 3_000;

export function createRemote(playback: Playback, file: OpenedFile): Remote {
  const until = (is: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (is()) return resolve();
      const end = playback.subscribe(() => {
        if (!is()) return;
        end();
        resolve();
      });
    });
  const isOpened = (): boolean => {
    const state = playback.state();
    return state.name === 'empty' || state.error !== undefined || (isReady(state) && state.loaded === 'fully' && state.targetMs === undefined);
  };

  return {
    async opened() {
      await until(isOpened);
      const state = playback.state();
      const errors = momentsOf(state.rows).filter(({ kind }) => kind === 'error');
      return { canPlay: isReady(state), startMs: file.about.atMs ?? 0, totalMs: state.totalMs, errorsAtMs: [...new Set(errors.map(({ atMs }) => Math.round(atMs)))], screen: screenOf(state.view) };
    },
    async show(atMs) {
      playback.pause();
      playback.seek(atMs);
      await playback.settled();
      await drawn();
      const deadline = performance.now() + PATIENCE_MS;
      while (file.isReading() && performance.now() < deadline) await drawn();
      const pictures = [...document.querySelectorAll('iframe')].flatMap((frame) => [...(frame.contentDocument?.images ?? [])]);
      await Promise.race([Promise.allSettled(pictures.map((picture) => picture.decode())), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
      await drawn();
      return screenOf(playback.state().view);
    },
  };
}

/** Resolves when the browser has drawn what there is. */
function drawn(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

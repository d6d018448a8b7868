import { createRoot } from 'react-dom/client';
import { ProblemError } from 'site/src/api/errors';
import type { Playback } from 'site/src/player/playback';
import { isReady, isRunning } from 'site/src/player/playback-state';
import { ProblemNotice } from 'site/src/ui/problem-notice';
import { eventsBetween } from './events';
import { shadowStyles } from './styles';
import { type WatchOptions, Watching } from './watching';

export { momentOf } from 'site/src/routing/moment-text';

/** What a page does with a recording. */
export type Operated = ReturnType<typeof operatedBy>;

export type View = ReturnType<typeof createView>;

/** Draws into a shadow root until `end`. */
export function createView(root: ShadowRoot) {
  root.adoptedStyleSheets = [shadowStyles()];
  const place = root.appendChild(document.createElement('div'));
  place.className = 'root';
  place.tabIndex = -1; // after a press anywhere within, the keys are the player's
  let onUncaught = (_error: unknown): void => {};
  let count = 0;
  const react = createRoot(place, { onUncaughtError: (error) => onUncaught(error) });
  return {
    /** Opens a recording, in place of any other. */
    watch({ onOperated, onEvent, ...options }: Omit<WatchOptions, 'onPlayback'> & { onOperated: (operated: Operated) => void; onEvent: (type: string) => void }): void {
      onUncaught = (error) => options.onError(error, true);
      react.render(<Watching key={(count += 1)} {...options} onPlayback={onPlayback} />);

      function onPlayback(playback: Playback): () => void {
        onOperated(operatedBy(playback));
        let before = playback.state();
        return playback.subscribe(() => {
          const after = playback.state();
          const told = eventsBetween(before, after);
          const { error } = before;
          before = after;
          for (const type of told) onEvent(type);
          if (after.error !== undefined && after.error !== error) options.onError(after.error, false);
        });
      }
    },
    /** Says that there is nothing to open. */
    refuse(error: unknown): void {
      const detail = error instanceof Error ? error.message : String(error);
      react.render(<ProblemNotice error={new ProblemError(0, 'The player cannot start', detail, '', 0)} />);
    },
    end(): void {
      react.unmount();
      place.remove();
    },
  };
}

function operatedBy(playback: Playback) {
  return {
    play: playback.play,
    pause: playback.pause,
    seek: playback.seek,
    timeMs: (): number => playback.state().timeMs,
    totalMs: (): number => playback.state().totalMs,
    isReady: (): boolean => isReady(playback.state()),
    isRunning: (): boolean => isRunning(playback.state()),
    hasEnded: (): boolean => playback.state().name === 'ended',
    /** Asks again for what the last token did not open. */
    retryFailed: (): void => (playback.state().error === undefined ? undefined : playback.retry()),
  };
}

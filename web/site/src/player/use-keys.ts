import { useEffect } from 'react';
import type { Playback } from './playback';
import { SPEEDS } from './playback-state';

export const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['← →', '5 seconds back or on'],
  ['Shift ← →', '30 seconds back or on'],
  ['Home End', 'to the begin or the end'],
  ['< >', 'slower or faster'],
  ['S', 'skip idle time, or not'],
  ['L', 'live'],
  ['F', 'full screen'],
];

/** The keys of the player, on the whole page but where somebody types. */
export function useKeys(playback: Playback, onFullScreen: () => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyped(event)) return;
      const { timeMs, totalMs, speed, skipIdle, isLive, phase } = playback.state();
      if (phase !== 'ready') return;
      const stepMs = event.shiftKey ? 30_000 : 5000;
      const faster = (by: number) => {
        const at = SPEEDS.indexOf(speed as (typeof SPEEDS)[number]) + by;
        playback.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))]!);
      };
      const actions: Record<string, () => void> = {
        ' ': playback.toggle,
        k: playback.toggle,
        ArrowLeft: () => playback.seek(timeMs - stepMs),
        ArrowRight: () => playback.seek(timeMs + stepMs),
        Home: () => playback.seek(0),
        End: () => playback.seek(totalMs),
        '<': () => faster(-1),
        '>': () => faster(1),
        s: () => playback.setSkipIdle(!skipIdle),
        l: () => isLive && playback.goLive(),
        f: onFullScreen,
      };
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [playback, onFullScreen]);
}

/** Whether the key belongs to what has the focus. The timeline is ours, though it is a field. */
function isTyped({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === 'range') return false;
  if (target.matches('input, textarea, select, [contenteditable]')) return true;
  return (key === ' ' || key === 'Enter') && target.matches('button, a, summary');
}

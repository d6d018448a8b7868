import { type RefObject, useEffect } from 'react';
import { type MomentKind, TROUBLE, momentBeside, momentsOf } from '../panels/moments';
import { steppedOver } from './bar';
import type { Playback } from './playback';
import { isReady } from './playback-state';
import { SPEEDS } from './speed';

/** Of the arrow keys and of the buttons beside Play. */
export const STEP_MS = 10_000;

export const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['← →', '10 seconds back or forward'],
  ['Shift ← →', '30 seconds back or forward'],
  ['C Shift C', 'next or previous click'],
  ['E Shift E', 'next or previous error, failed request, rage or dead click'],
  ['Home End', 'jump to start or end'],
  ['< >', 'slower or faster'],
  ['S', 'skip idle time on or off'],
  ['L', 'follow live'],
  ['F', 'full screen'],
  ['?', 'show or hide these keys'],
];

/** The player's keys, on the whole page, or within the shadow root that the player is in, except in a field that takes text. */
export function useKeys(playback: Playback, onFullScreen: () => void, onHelp: () => void, player: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = player.current?.getRootNode();
    const within = root instanceof ShadowRoot ? root : document;
    const heard: Pick<Window, 'addEventListener' | 'removeEventListener'> = within === document ? window : within;
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyped(event)) return;
      if (event.key === '?') return onHelp();
      if (within.querySelector('dialog[open]')) return;
      const state = playback.state();
      if (!isReady(state)) return;
      const { timeMs, totalMs, speed, skipIdle, loaded, idle } = state;
      const stepMs = event.shiftKey ? 30_000 : STEP_MS;
      const faster = (by: number) => {
        const at = SPEEDS.indexOf(speed as (typeof SPEEDS)[number]) + by;
        playback.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))]!);
      };
      const goTo = (kinds: readonly MomentKind[]): void => {
        const found = momentBeside(momentsOf(state.rows), kinds, timeMs, event.shiftKey);
        if (found) playback.seek(found.atMs);
      };
      const actions: Record<string, () => void> = {
        ' ': playback.toggle,
        k: playback.toggle,
        ArrowLeft: () => playback.seek(steppedOver(timeMs, timeMs - stepMs, idle)),
        ArrowRight: () => playback.seek(steppedOver(timeMs, timeMs + stepMs, idle)),
        c: () => goTo(['click']),
        e: () => goTo(TROUBLE),
        Home: () => playback.seek(0),
        End: () => playback.seek(totalMs),
        '<': () => faster(-1),
        '>': () => faster(1),
        s: () => playback.setSkipIdle(!skipIdle),
        l: () => loaded === 'live' && playback.goLive(),
        f: onFullScreen,
      };
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    }
    heard.addEventListener('keydown', onKey);
    return () => heard.removeEventListener('keydown', onKey);
  }, [playback, onFullScreen, onHelp, player]);
}

/** Whether the focused element uses the key itself. The timeline does not, though it is a field. */
export function isTyped({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement) || target.matches('input[type=range]')) return false;
  if (target.matches('input[type=checkbox], button, a, summary')) return key === ' ' || key === 'Enter';
  if (target.matches('select')) return !/^[a-z<>?]$/i.test(key); // no speed begins with a letter
  return target.matches('input, textarea, [contenteditable]');
}

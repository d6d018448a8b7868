import { listen } from './listen';

/** Longer than a double click, and enough to notice the window. */
export const IN_SIGHT_MS = 1_000;

/**
 * Enable a button only after its window has been visible and focused for a moment, without a click or a key press. A
 * window that opens under the pointer would otherwise take the second half of a double click as an answer.
 *
 * @param enable called at once with `false`, and on every change
 * @returns stops watching, and leaves the button as it is
 */
export function enableInSight(view: Window, enable: (works: boolean) => void): () => void {
  let works = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isInSight = (): boolean => view.document.visibilityState === 'visible' && view.document.hasFocus();

  function set(now: boolean): void {
    if (now !== works) enable(now);
    works = now;
  }
  function beginAnew(): void {
    clearTimeout(timer);
    set(false);
    if (isInSight()) timer = setTimeout(() => set(isInSight()), IN_SIGHT_MS);
  }
  function onPress(): void {
    if (!works) beginAnew();
  }

  const stopHearing = listen(view, {
    focus: beginAnew,
    blur: beginAnew,
    visibilitychange: beginAnew,
    pageshow: beginAnew,
    pointerdown: onPress,
    keydown: onPress,
  });
  beginAnew();
  return () => {
    clearTimeout(timer);
    stopHearing();
  };
}

import { listen } from './listen';

/** Longer than a double click, and enough for a person to notice the window. */
export const IN_SIGHT_MS = 1_000;

/**
 * Enable a button only after its window has been visible and focused for a moment, without a click or a key press. A
 * window that opens under the pointer would otherwise take the second click of a double click as an answer.
 *
 * @param enable called immediately with `false`, and on every change
 * @returns a function that stops watching and leaves the button as it is
 */
export function enableInSight(view: Window, enable: (works: boolean) => void): () => void {
  let works = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isInSight = (): boolean => view.document.visibilityState === 'visible' && view.document.hasFocus();

  function set(value: boolean): void {
    if (value !== works) enable(value);
    works = value;
  }
  function restart(): void {
    clearTimeout(timer);
    set(false);
    if (isInSight()) timer = setTimeout(() => set(isInSight()), IN_SIGHT_MS);
  }
  function onPress(): void {
    if (!works) restart();
  }

  const stopListening = listen(view, {
    focus: restart,
    blur: restart,
    visibilitychange: restart,
    pageshow: restart,
    pointerdown: onPress,
    keydown: onPress,
  });
  restart();
  return () => {
    clearTimeout(timer);
    stopListening();
  };
}

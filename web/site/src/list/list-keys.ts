import { useEffect } from 'react';

export const LIST_KEYS: readonly (readonly [string, string])[] = [
  ['J', 'next recording'],
  ['K', 'previous recording'],
  ['Enter', 'open the recording'],
  ['Ctrl Enter', 'open it in a new tab'],
  ['/', 'look for a text'],
  ['?', 'show or hide these keys'],
];
/** What the header of the site covers. */
const HEADER_PX = 72;

/** The keys of the list, on the whole page except in a field. They move the focus, so Enter is the browser's. */
export function useListKeys(onHelp: () => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target instanceof Element && target.matches('input, select, textarea, [contenteditable]')) return;
      if (key === '?') return onHelp();
      if (document.querySelector('dialog[open]')) return;
      const step = { j: 1, k: -1 }[key.toLowerCase()];
      if (step !== undefined) moveFocus(step);
      else if (key === '/') document.querySelector<HTMLElement>('.text-filter input')?.focus();
      else return;
      event.preventDefault();
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onHelp]);
}

/** To the next or previous recording; to the first one in view if none has the focus. */
function moveFocus(step: number): void {
  const items = [...document.querySelectorAll<HTMLElement>('.listed > li')];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const next = at < 0 ? items.find((item) => item.getBoundingClientRect().bottom > HEADER_PX) : items[at + step];
  if (!next) return;
  next.scrollIntoView({ block: 'nearest' });
  next.querySelector<HTMLElement>('.open')?.focus({ preventScroll: true });
}

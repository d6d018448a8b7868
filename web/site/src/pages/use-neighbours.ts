import { useEffect } from 'react';
import { isTyped } from '../player/use-keys';
import { type Neighbours, neighboursOf } from '../routing/last-list';
import { goTo } from '../routing/location';
import { recordingPath } from '../routing/route';
import { useLibrary } from '../site-context';

/** The paths of the recordings beside this one in the list that was shown last; Shift with an arrow up or down leads there. */
export function useNeighbours(recordingId: string): Neighbours {
  const { siteId } = useLibrary();
  const { previous, next } = neighboursOf(siteId, recordingId);
  const above = previous && recordingPath(siteId, previous);
  const below = next && recordingPath(siteId, next);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const { key, shiftKey, ctrlKey, metaKey, altKey, defaultPrevented, repeat } = event;
      if (!shiftKey || ctrlKey || metaKey || altKey || defaultPrevented || repeat || isTyped(event)) return;
      if (document.querySelector('dialog[open]')) return;
      const path = key === 'ArrowUp' ? above : key === 'ArrowDown' ? below : undefined;
      if (path === undefined) return;
      event.preventDefault();
      goTo(path);
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [above, below]);
  return { ...(above && { previous: above }), ...(below && { next: below }) };
}

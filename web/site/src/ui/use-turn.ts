import { useCallback, useEffect, useState } from 'react';
import type { TakeTurn } from './turns';

/** Whether it is this component's turn, which lasts until it calls `end` or is removed. */
export function useTurn(take: TakeTurn): { hasTurn: boolean; end: () => void } {
  const [turn, setTurn] = useState<{ end: () => void }>();
  useEffect(() => {
    const leaving = new AbortController();
    take(leaving.signal).then(
      (end) => setTurn({ end }),
      () => {}, // it was removed
    );
    return () => leaving.abort();
  }, [take]);
  return { hasTurn: turn !== undefined, end: useCallback(() => turn?.end(), [turn]) };
}

import { useEffect } from 'react';
import { createKept } from '../kept';
import type { Density } from '../routing/list-view';

/** The look of the list that this browser's user has chosen last. */
const kept = createKept(() => localStorage, 'rrweb-store:', (value): value is Density => value === 'cards' || value === 'rows');
const KEY = 'density';

/** The look that the address names, or else the one that was chosen last. */
export function useDensity(named: Density | undefined): Density {
  useEffect(() => {
    if (named) kept.set(KEY, named);
  }, [named]);
  return named ?? kept.get(KEY) ?? 'cards';
}

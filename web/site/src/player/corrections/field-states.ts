import type { Replayer } from '@rrweb/replay';
import { FULL_SNAPSHOT, INCREMENTAL, INPUT, type Json } from '../event';
import type { Correction } from './correction';

interface State {
  readonly selected: ReadonlySet<unknown> | undefined;
  readonly indeterminate: boolean;
}

/**
 * Shows which options are chosen, and which switches are indeterminate. The recorder writes both into rrweb's events for
 * values; web/recorder/src/corrections/field-states.ts says why, and when this can go.
 */
export function createFieldStates(): Correction {
  /** By the id of a field: as it is at this moment. */
  const states = new Map<number, State>();

  function show(replayer: Replayer, id: number): void {
    const field = replayer.getMirror().getNode(id) as HTMLInputElement | HTMLSelectElement | null;
    const state = states.get(id)!;
    if (field?.nodeName === 'INPUT') (field as HTMLInputElement).indeterminate = state.indeterminate;
    if (field?.nodeName !== 'SELECT' || !state.selected) return;
    if (state.selected.size === 0) (field as HTMLSelectElement).selectedIndex = -1;
    for (const [n, option] of [...(field as HTMLSelectElement).options].entries()) {
      if (option.selected !== state.selected.has(n)) option.selected = state.selected.has(n);
    }
  }

  return {
    handler({ type, data }, _, { replayer }) {
      if ((type as number) === FULL_SNAPSHOT) states.clear();
      if ((type as number) !== INCREMENTAL) return;
      const { source, id, selected, indeterminate } = data as unknown as Json;
      if (source !== INPUT) return;
      states.set(id as number, { selected: Array.isArray(selected) ? new Set(selected) : undefined, indeterminate: indeterminate === true });
      show(replayer, id as number);
    },
    flush(replayer) {
      for (const id of states.keys()) show(replayer, id);
    },
  };
}

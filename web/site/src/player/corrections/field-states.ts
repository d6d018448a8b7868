import type { Replayer } from '@rrweb/replay';
import { FULL_SNAPSHOT, INCREMENTAL, INPUT, type Json, MUTATION, isObject } from '../event';
import { setAside } from '../replaced-states';
import type { Correction } from './correction';

/** What rrweb tells of changed nodes, as far as fields are concerned. */
interface Mutation {
  readonly adds: readonly { readonly parentId: number; readonly node: { readonly tagName?: unknown } }[];
  readonly removes: readonly { readonly parentId: number }[];
  readonly attributes: readonly { readonly id: number; readonly attributes: unknown }[];
}

/** A private method of rrweb's player. */
interface Mutations {
  applyMutation: (mutation: Mutation, isSync: boolean) => void;
}

interface State {
  readonly selected: ReadonlySet<unknown> | undefined;
  readonly indeterminate: boolean;
}

/**
 * Shows a field's new default value if the field shows its default, as after a reset: rrweb's player sets what it shows, and
 * its browser takes it for typed.
 *
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

  /** Options have come or gone, and the browser has chosen among them as the visitor's did. */
  function followOptions(replayer: Replayer, { adds, removes }: Mutation): void {
    const parents = new Set([...adds.filter(({ node }) => /^opt(?:ion|group)$/.test(String(node.tagName))), ...removes].map(({ parentId }) => parentId));
    for (const parent of parents) {
      const list = (replayer.getMirror().getNode(parent) as Element | null)?.closest?.('select');
      const id = list ? replayer.getMirror().getId(list as never) : -1;
      const state = states.get(id);
      if (list && state?.selected) states.set(id, { ...state, selected: new Set([...list.options].flatMap(({ selected }, n) => (selected ? [n] : []))) });
    }
  }

  return {
    attach(replayer) {
      const inner = replayer as unknown as Mutations;
      const own = inner.applyMutation.bind(replayer);
      inner.applyMutation = (mutation, isSync) => {
        const atDefault = mutation.attributes.flatMap(({ id, attributes }) => {
          const field = isObject(attributes) && typeof attributes['value'] === 'string' ? replayer.getMirror().getNode(id) : null;
          const isText = /^(?:INPUT|TEXTAREA)$/.test(field?.nodeName ?? '');
          return isText && (field as HTMLInputElement).value === (field as HTMLInputElement).defaultValue ? (field as HTMLInputElement) : [];
        });
        own(mutation, isSync);
        for (const field of atDefault) if (field.value !== field.defaultValue) field.value = field.defaultValue;
      };
    },
    handler({ type, data }, _, { replayer }) {
      if ((type as number) === FULL_SNAPSHOT) states.clear();
      if ((type as number) !== INCREMENTAL) return;
      const { source, id, selected, indeterminate, text } = data as unknown as Json;
      if (source === MUTATION) followOptions(replayer, data as unknown as Mutation);
      if (source !== INPUT) return;
      states.set(id as number, { selected: Array.isArray(selected) ? new Set(selected) : undefined, indeterminate: indeterminate === true });
      show(replayer, id as number);
      takeMask(replayer.getMirror().getNode(id as number), text);
    },
    onBuild: (node) => takeMask(node, (node as Partial<HTMLInputElement>).defaultValue),
    flush(replayer) {
      for (const id of states.keys()) show(replayer, id);
    },
  };
}

/** Fields whose browser would find asterisks invalid, or not show them. */
const STRICT = /^(?:email|url|number)$/;

/** Let a field hold the asterisks that stand for what it held: the recording says whether that was valid. */
function takeMask(node: Node | null, text: unknown): void {
  if (node?.nodeName !== 'INPUT' || typeof text !== 'string' || !/^\*+$/.test(text)) return;
  const field = node as HTMLInputElement;
  for (const name of [STRICT.test(field.type) ? 'type' : '', 'pattern']) {
    const value = field.getAttribute(name);
    if (value === null) continue;
    field.setAttribute(setAside(name), value);
    field.removeAttribute(name);
  }
  if (field.value !== text) field.value = text;
}

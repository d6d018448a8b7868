import type { Replayer } from '@rrweb/replay';
import { customPayload } from '../event';
import type { Correction } from './correction';

/** Custom events of the recorder with this tag have rules for `@property`: docs/recorder.md. */
const TAG = 'rrweb-store:properties';
/** Protects the player. */
const MAX_RULES = 5_000;

/**
 * Gives replayed documents the custom properties that scripts had registered.
 *
 * The recorder's `corrections/registered-properties.ts` says why, and when both can go.
 */
export function createRegisteredProperties(): Correction {
  /** Rules up to this moment, each with the id of its document. */
  const rules: [id: number, rule: string][] = [];
  /** How many of them each sheet knows. */
  const shown = new WeakMap<CSSStyleSheet, number>();

  function show(replayer: Replayer): void {
    for (const id of new Set(rules.map(([of]) => of))) {
      const page = replayer.getMirror().getNode(id) as Document | null;
      // rrweb's own style element, which is new with each full snapshot.
      const sheet = page?.documentElement?.querySelector<HTMLStyleElement>(':scope > style')?.sheet;
      if (!sheet) continue;
      for (const [of, rule] of rules.slice(shown.get(sheet))) if (of === id) insert(sheet, rule);
      shown.set(sheet, rules.length);
    }
  }

  return {
    restart: () => void rules.splice(0),
    handler(event, _, { replayer }) {
      const payload = customPayload(event, TAG);
      const { id, rules: told } = payload ?? {};
      if (typeof id !== 'number' || !Array.isArray(told)) return;
      for (const rule of told) if (typeof rule === 'string' && /^@property --/.test(rule) && rules.length < MAX_RULES) rules.push([id, rule]);
      show(replayer);
    },
    flush: show,
    show,
  };
}

function insert(sheet: CSSStyleSheet, rule: string): void {
  try {
    sheet.insertRule(rule, sheet.cssRules.length);
  } catch {
    // this browser does not know it
  }
}

import type { Replayer } from '@rrweb/replay';
import { ADOPTED_STYLE_SHEET, FULL_SNAPSHOT, INCREMENTAL, type Json, STYLE_DECLARATION, STYLE_SHEET_RULE, isObject } from '../event';
import type { Correction } from './correction';

/** Private parts of rrweb's player. */
interface Inner {
  constructedStyleMutations: Json[];
  adoptedStyleSheets: Json[];
  readonly styleMirror: { getStyle(id: number): CSSStyleSheet | null; add(sheet: CSSStyleSheet, id: number): number };
  applyStyleSheetRule(data: Json, sheet: CSSStyleSheet): void;
  applyStyleDeclaration(data: Json, sheet: CSSStyleSheet): void;
}

/**
 * Gives each document and shadow tree the style sheets that it had adopted, with all their rules.
 *
 * As rrweb 2.1.6 goes to a moment, it applies changes of such sheets before it makes them, and makes none whose first host
 * is gone by then: a sheet that two trees share, for one. No issue names it yet. Right would be to keep the sheets by their
 * ids as they change, whichever host they have, and to adopt them last.
 *
 * web/site/browser/styles-by-script.test.ts says when this can go.
 */
export function createAdoptedSheets(): Correction {
  /** By the id of a sheet: what happened to it, the oldest first. */
  const changes = new Map<number, Json[]>();
  /** By the id of a host: its sheets. */
  const adopted = new Map<number, number[]>();

  function note(data: Json): void {
    const { source, id, styleId, styleIds, styles } = data;
    if (source === ADOPTED_STYLE_SHEET && Array.isArray(styleIds)) {
      for (const style of Array.isArray(styles) ? styles : []) {
        if (isObject(style) && !changes.has(style['styleId'] as number)) changes.set(style['styleId'] as number, [{ source: STYLE_SHEET_RULE, adds: style['rules'] }]);
      }
      adopted.set(id as number, styleIds as number[]);
    } else if ((source === STYLE_SHEET_RULE || source === STYLE_DECLARATION) && styleId) changes.get(styleId as number)?.push(data);
  }

  function change(inner: Inner, data: Json, sheet: CSSStyleSheet): void {
    // A promise would change it after this moment.
    const { replace, ...rest } = data;
    if (data['source'] === STYLE_DECLARATION) inner.applyStyleDeclaration(data, sheet);
    else inner.applyStyleSheetRule(typeof replace === 'string' ? { ...rest, replaceSync: replace } : data, sheet);
  }

  function adopt(replayer: Replayer, id: number): void {
    const inner = replayer as unknown as Inner;
    const host: Node | null = replayer.getMirror().getNode(id);
    const root = host?.nodeType === Node.DOCUMENT_NODE ? (host as Document) : (host as Element | null)?.shadowRoot;
    const view = (host?.ownerDocument ?? (host as Document | null))?.defaultView;
    if (!root || !view) return;
    const sheets = adopted.get(id)!.flatMap((styleId) => {
      const known = inner.styleMirror.getStyle(styleId);
      const past = changes.get(styleId);
      if (known || !past) return known ?? [];
      const sheet = new view.CSSStyleSheet();
      inner.styleMirror.add(sheet, styleId);
      for (const one of past) change(inner, one, sheet);
      return sheet;
    });
    const now = root.adoptedStyleSheets;
    if (now.length !== sheets.length || sheets.some((sheet, n) => sheet !== now[n])) root.adoptedStyleSheets = sheets;
  }

  return {
    handler({ type, data }, _, { replayer }) {
      const inner = replayer as unknown as Inner;
      if ((type as number) === FULL_SNAPSHOT) {
        changes.clear();
        adopted.clear();
      }
      if ((type as number) !== INCREMENTAL) return;
      const change = data as unknown as Json;
      note(change);
      inner.constructedStyleMutations = [];
      inner.adoptedStyleSheets = [];
      if (change['source'] === ADOPTED_STYLE_SHEET && adopted.has(change['id'] as number)) adopt(replayer, change['id'] as number);
    },
    flush(replayer) {
      for (const id of adopted.keys()) adopt(replayer, id);
    },
  };
}

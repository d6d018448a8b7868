import { shadowTreeOf } from './closed-trees';
import type { Recorded } from './index';
import { ADOPTED_STYLE_SHEET, type Change, eventOf } from './recorded-nodes';
import { wholeRule } from './sheet-text';

/** At each look at lists that the page holds, at most this many of them. */
const TREES_AT_ONCE = 20;

export type AdoptedSheets = ReturnType<typeof createAdoptedSheets>;
type Root = Document | ShadowRoot;

/**
 * Make what records the style sheets that a document or shadow tree has adopted, whenever they are others.
 *
 * rrweb 2.1.6 records `adoptedStyleSheets = […]`, unless the list is empty: neither `push` and the like, nor the sheets of a
 * host that comes back, nor that a sheet is switched off or meant for another medium. No issue names it yet; the nearest is
 * https://github.com/rrweb-io/rrweb/issues/1626. Right would be to compare the list with what was told of it.
 *
 * web/site/browser/styles-by-script.test.ts says when this can go.
 */
export function createAdoptedSheets({ emit, idOf, nodeOf }: Recorded, quietly: <T>(work: () => T) => T) {
  let ids = new WeakMap<CSSStyleSheet, number>();
  let sheets = new Map<number, WeakRef<CSSStyleSheet>>();
  /** What is recorded of each tree that was told of: the ids of its sheets. */
  let told = new WeakMap<Root, string>();
  /** rrweb's ids of the hosts of these trees. */
  const hosts = new Set<number>();
  /** Trees of whose lists the page has asked. */
  const held = new Set<WeakRef<Root>>();
  const known = new WeakSet<Root>();
  const touched = new Set<Root>();

  const rootOf = (id: number): Root | null => {
    const node = nodeOf(id);
    return node?.nodeType === 9 ? (node as Document) : shadowTreeOf(node as Element | null);
  };

  function touch(root: Root): void {
    if (!known.has(root)) held.add(new WeakRef(root));
    known.add(root);
    touched.add(root);
  }

  function compare(root: Root): void {
    const id = idOf('host' in root ? root.host : root);
    if (id < 1) return;
    const list = [...root.adoptedStyleSheets];
    const isNew = (sheet: CSSStyleSheet): boolean => !ids.has(sheet);
    if (list.some(isNew)) root.adoptedStyleSheets = list; // rrweb gives them ids as it tells of them
    if (list.some(isNew)) return; // it does so a moment after it comes to know a shadow tree
    const styleIds = list.filter(isUsed).map((sheet) => ids.get(sheet)!);
    if (styleIds.join() === (told.get(root) ?? '')) return;
    told.set(root, styleIds.join());
    hosts.add(id);
    emit(eventOf({ source: ADOPTED_STYLE_SHEET, id, styleIds }));
  }

  function check(): void {
    for (const root of touched) compare(root);
    touched.clear();
  }

  return {
    idOf: (sheet: CSSStyleSheet): number | undefined => ids.get(sheet),
    sheetOf: (styleId: number): CSSStyleSheet | undefined => sheets.get(styleId)?.deref(),
    touch,
    /** This sheet may be in use now, or not any more. */
    touchUsers(sheet: CSSStyleSheet): void {
      for (const id of hosts) {
        const root = rootOf(id);
        if (!root) hosts.delete(id);
        else if (quietly(() => root.adoptedStyleSheets.includes(sheet))) touched.add(root);
      }
    },
    check: () => quietly(check),
    look: () =>
      quietly(() => {
        for (const one of [...held].slice(0, TREES_AT_ONCE)) {
          const root = one.deref();
          held.delete(one);
          if (!root) continue;
          held.add(one); // the last to be looked at again
          compare(root);
        }
      }),
    holds: (): boolean => held.size > 0,
    /** A host is recorded, perhaps again; rrweb tells of new ones by itself. */
    built(id: number): void {
      const root = rootOf(id);
      if (!root || !told.has(root)) return;
      told.set(root, '');
      touched.add(root);
    },
    correct: (change: Change): void =>
      quietly(() => {
        const root = change.source === ADOPTED_STYLE_SHEET ? rootOf(change.id!) : null;
        if (!root) return;
        const list = [...root.adoptedStyleSheets];
        hosts.add(change.id!);
        for (const [n, styleId] of change.styleIds!.entries()) {
          const sheet = list[n]!;
          ids.set(sheet, styleId);
          sheets.set(styleId, new WeakRef(sheet));
        }
        for (const { rules } of change.styles ?? []) for (const one of rules) one.rule = wholeRule(one.rule);
        change.styleIds = change.styleIds!.filter((_, n) => isUsed(list[n]!));
        told.set(root, change.styleIds.join());
      }),
    /** rrweb takes a snapshot, and numbers all sheets anew. */
    forget(): void {
      ids = new WeakMap();
      sheets = new Map();
      told = new WeakMap();
      hosts.clear();
    },
  };
}

const isUsed = ({ disabled, media: { mediaText } }: CSSStyleSheet): boolean => !disabled && (!mediaText || matchMedia(mediaText).matches);

import type { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import type { Correction } from '../corrections/correction';
import { ADOPTED_STYLE_SHEET, INCREMENTAL, type Json, MUTATION, STYLE_DECLARATION, STYLE_SHEET_RULE, customPayload } from '../event';
import { showResources, withUrls } from './resource-elements';
import { forgetRules, showInRules } from './resource-rules';
import type { ResourceStore } from './resource-store';

const FONT = 10;
/** Custom events of the recorder with this tag tell that a script has taken fonts away: docs/recorder.md. */
const FONTS_TAG = 'rrweb-store:fonts';
const CHANGES_RULES: readonly unknown[] = [STYLE_SHEET_RULE, STYLE_DECLARATION, ADOPTED_STYLE_SHEET];

export type Resources = ReturnType<typeof createResources>;

/**
 * Shows the pictures, fonts and drawings of a recording in one replay from its assets, in place of the addresses of the page's hosts.
 *
 * The events stay as they are. Each document is gone through when it has changed and when bytes have come, so it makes no
 * difference which comes first.
 */
export function createResources(store: ResourceStore) {
  const unsubscribe = store.subscribe(all);
  /** Fonts that a script has made, as they were recorded. */
  let fonts: [font: Json, atMs: number][] = [];
  /** Those that the page has, with the time of their event. */
  let faces: [face: FontFace, atMs: number][] = [];
  let replayer: Replayer | undefined;
  let frame: number | undefined;
  const touched = new Set<Node>();
  let isAll = false;

  /** Shows what has changed before the page is drawn the next time. */
  function soon(): void {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      const page = replayer?.iframe.contentDocument;
      if (!page) return;
      if (isAll) showAll(page);
      else for (const node of touched) showIn(node);
      isAll = false;
      touched.clear();
    });
  }

  /** Something may be shown differently anywhere in the page. */
  function all(): void {
    isAll = true;
    soon();
  }

  function touch(node: Node | null): void {
    if (!node) return;
    touched.add(node);
    soon();
  }

  /** A node that was built or changed. A text may be that of a style sheet. */
  function showIn(node: Node): void {
    const element = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : node.parentElement;
    if (!element?.isConnected) return;
    if (element === node) showResources(element, store);
    const { sheet } = element as HTMLStyleElement;
    if (sheet) showInSheet(sheet);
  }

  function showAll(root: Document | ShadowRoot | null): void {
    if (!root) return;
    for (const element of root.querySelectorAll('*')) {
      showResources(element, store);
      if (element.shadowRoot) showAll(element.shadowRoot);
      else if (element.localName === 'iframe') showAll((element as HTMLIFrameElement).contentDocument);
    }
    for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) showInSheet(sheet);
    if (root.nodeType === Node.DOCUMENT_NODE && root === replayer?.iframe.contentDocument) addFonts(root as Document);
  }

  function showInSheet(sheet: CSSStyleSheet): void {
    try {
      showInRules(sheet, store);
    } catch {
      // a sheet that is still loading has no rules
    }
  }

  /** rrweb has added them with the addresses of the page's hosts, which cannot be loaded. */
  function addFonts(page: Document): void {
    fonts = fonts.filter(([{ family, fontSource, descriptors }, atMs]) => {
      const source = withUrls(String(fontSource), store);
      if (source === fontSource) return true;
      try {
        const face = new (page.defaultView as unknown as typeof globalThis).FontFace(String(family), source, Object(descriptors) as FontFaceDescriptors);
        page.fonts.add(face);
        faces.push([face, atMs]);
      } catch {
        // no browser would take it
      }
      return false;
    });
  }

  /** A script has taken this font away; without a family, all of its fonts. */
  function removeFonts({ family, weight, style }: Json): void {
    const isOther = (one: Partial<Record<'family' | 'weight' | 'style', unknown>>): boolean =>
      family !== undefined && (one.family !== family || (one.weight ?? 'normal') !== weight || (one.style ?? 'normal') !== style);
    const gone = faces.filter(([face]) => !isOther(face));
    for (const [face] of gone) replayer?.iframe.contentDocument?.fonts.delete(face);
    faces = faces.filter(([face]) => isOther(face));
    fonts = fonts.filter(([font]) => isOther({ ...Object(font['descriptors']), family: font['family'] }));
  }

  const correction: Correction = {
    restart({ timestamp }) {
      // A document keeps its fonts as it is built anew, for an earlier moment too.
      for (const [face, atMs] of faces) if (atMs > timestamp) replayer?.iframe.contentDocument?.fonts.delete(face);
      faces = faces.filter(([, atMs]) => atMs <= timestamp);
      fonts = fonts.filter(([, atMs]) => atMs <= timestamp);
    },
    handler(event, isSync, at) {
      replayer = at.replayer;
      const { type, data } = event as unknown as { type: number; data: Json };
      const removed = customPayload(event, FONTS_TAG);
      if (removed) removeFonts(removed);
      if (type !== INCREMENTAL) return;
      const { source } = data;
      if (source === FONT) {
        const added = [...(replayer.iframe.contentDocument?.fonts ?? [])].at(-1);
        if (added && faces.every(([face]) => face !== added)) faces.push([added, event.timestamp]);
        if (!data['buffer']) fonts.push([data, event.timestamp]);
      }
      if (source === STYLE_DECLARATION) forgetRules();
      if (isSync) return; // `show` follows
      if (source === FONT || (CHANGES_RULES.includes(source) && JSON.stringify(data).includes('url('))) all();
      if (source !== MUTATION) return;
      const { attributes, texts } = data as { attributes: { id: number }[]; texts: { id: number }[] };
      for (const { id } of [...attributes, ...texts]) touch(at.replayer.getMirror().getNode(id));
    },
    onBuild: (node, at) => {
      replayer = at.replayer;
      touch(node);
    },
    show(at) {
      replayer = at;
      showAll(at.iframe.contentDocument);
    },
  };

  return {
    correction,
    end(): void {
      unsubscribe();
      if (frame !== undefined) cancelAnimationFrame(frame);
      replayer = undefined;
    },
  };
}

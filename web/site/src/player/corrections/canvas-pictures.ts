import type { Replayer } from '@rrweb/replay';
import { CANVAS_MUTATION, FULL_SNAPSHOT, INCREMENTAL, type Json, isObject } from '../event';
import type { Correction } from './correction';

/** No other type is drawn. */
const PICTURE_TYPE = /^image\/(png|jpeg|webp)$/;
const PICTURE_URL = /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$/;
const BASE64 = /^[A-Za-z0-9+/=]+$/;

/**
 * A plugin for rrweb's player that shows the content of a canvas: https://github.com/rrweb-io/rrweb/issues/60. A frame without scripts cannot draw on one and shows
 * the element like any other, so each picture becomes its background.
 */
export function createCanvasPictures(): Correction {
  const pictures = new Map<number, string>();
  const shown = new WeakMap<Element, string>();

  function show(replayer: Replayer): void {
    for (const [id, url] of pictures) {
      const canvas = replayer.getMirror().getNode(id);
      if (canvas?.nodeName !== 'CANVAS') continue;
      const { style } = canvas as HTMLCanvasElement;
      if (shown.get(canvas as Element) === url && style.backgroundImage !== '') continue;
      shown.set(canvas as Element, url);
      fit(canvas as HTMLCanvasElement);
      addRules(canvas);
      style.setProperty('background', `url("${url}") 0 0 / 100% 100% no-repeat`);
    }
  }

  return {
    rules: RULES,
    handler(event, isSync, { replayer }) {
      if ((event.type as number) === FULL_SNAPSHOT) pictures.clear();
      const { data } = event as unknown as { data: Json };
      if ((event.type as number) === INCREMENTAL && data['source'] === CANVAS_MUTATION) {
        const url = pictureOf(data);
        if (url) pictures.set(data['id'] as number, url);
      }
      if (!isSync) show(replayer);
    },
    onBuild(node, { id, replayer }) {
      if (node.nodeName !== 'CANVAS') return;
      const meta = replayer.getMirror().getMeta(node as never) as unknown as Json | null;
      const url = isObject(meta) && isObject(meta['attributes']) ? meta['attributes']['rr_dataURL'] : undefined;
      fit(node as HTMLCanvasElement);
      if (typeof url === 'string' && PICTURE_URL.test(url) && !pictures.has(id)) pictures.set(id, url);
      queueMicrotask(() => show(replayer)); // when rrweb's map of nodes is complete
    },
    show,
  };
}

/** Gives the element the intrinsic size of a canvas, at the lowest precedence: the page's own rules come first. */
function fit(canvas: HTMLCanvasElement): void {
  const { style } = canvas;
  const [width, height] = [canvas.getAttribute('width') ?? '300', canvas.getAttribute('height') ?? '150'];
  if (!/^\d{1,5}$/.test(width) || !/^\d{1,5}$/.test(height)) return;
  canvas.setAttribute('data-canvas', '');
  style.setProperty('--canvas-width', `${width}px`);
  style.setProperty('--canvas-height', `${height}px`);
}

/** Rules for the replayed page. `:where` has no specificity, so any rule of the page wins. */
const RULES = [
  ':where(canvas[data-canvas]) { display: inline-block; width: var(--canvas-width); height: var(--canvas-height); }',
  'canvas[data-canvas] > * { display: none !important; }',
];

/** rrweb adds the rules to documents, and they do not reach into a shadow tree. */
function addRules(canvas: Node): void {
  const root = canvas.getRootNode() as ShadowRoot;
  const view = canvas.ownerDocument!.defaultView as (Window & typeof globalThis) | null;
  if (!view || root.nodeType !== root.DOCUMENT_FRAGMENT_NODE) return;
  const sheet = sheetsByView.get(view) ?? new view.CSSStyleSheet();
  sheetsByView.set(view, sheet);
  if (sheet.cssRules.length === 0) sheet.replaceSync(RULES.join('\n'));
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

const sheetsByView = new WeakMap<Window, CSSStyleSheet>();

/** A data URL of the picture that an event of rrweb's canvas sampling draws. */
export function pictureOf(data: Json): string | undefined {
  const commands = Array.isArray(data['commands']) ? data['commands'] : [];
  const draw = commands.filter(isObject).findLast(({ property }) => property === 'drawImage');
  const bitmap: unknown = Array.isArray(draw?.['args']) ? draw['args'][0] : undefined;
  const blob: unknown = isObject(bitmap) && Array.isArray(bitmap['args']) ? bitmap['args'][0] : undefined;
  if (!isObject(blob) || !Array.isArray(blob['data'])) return undefined;
  const [bytes] = blob['data'] as unknown[];
  const { type } = blob;
  if (!isObject(bytes) || typeof bytes['base64'] !== 'string' || typeof type !== 'string') return undefined;
  if (!PICTURE_TYPE.test(type) || !BASE64.test(bytes['base64'])) return undefined;
  return `data:${type};base64,${bytes['base64']}`;
}

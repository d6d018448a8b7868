/**
 * With `recordCanvas`, tell what each canvas shows by pictures, at a bounded rate.
 *
 * rrweb 2.1.6 tells by default the commands that draw, which its player can only repeat in a frame that runs scripts:
 * https://github.com/rrweb-io/rrweb/issues/60. Its pictures leave out shadow trees and frames and need a worker that a
 * policy may refuse, and a canvas that may not be read breaks its snapshot. Right would be to read each canvas that was
 * serialized on a canvas of its own, and to record no commands where they are not replayed.
 *
 * web/site/browser/canvases.test.ts says when this can go.
 */
import type { eventWithTime } from '@rrweb/types';
import type { RecorderOptions } from '../options';
import { eventOf } from './recorded-nodes';

type Options = Pick<RecorderOptions, 'sampling'>;

const DEFAULT_PER_SECOND = 2;
const MAX_PER_SECOND = 15;
/** Longer sides are scaled down: a picture of this size is about 200 kB. */
const MAX_PX = 2_000;
/** Then the others have to wait for the next turn. */
const TURN_MS = 8;
/** Reading may take this part of the time: if it takes more, it happens less often. */
const MAX_SHARE = 0.02;
const QUALITY = 0.8;

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const CANVAS = 9;
const CONTEXT_2D = 0;

/** rrweb's kind of event of a picture of a canvas. */
function pictureEvent(id: number, { width, height }: HTMLCanvasElement, type: string, base64: string): eventWithTime {
  const blob = { rr_type: 'Blob', data: [{ rr_type: 'ArrayBuffer', base64 }], type };
  const commands = [
    { property: 'clearRect', args: [0, 0, width, height] },
    { property: 'drawImage', args: [{ rr_type: 'ImageBitmap', args: [blob] }, 0, 0, width, height] },
  ];
  return eventOf({ source: CANVAS, id, type: CONTEXT_2D, commands });
}

/**
 * @param nodeOf rrweb's node of an id, or null
 * @param mayRead false if nothing of a canvas may leave the page
 */
export function watchCanvases(
  options: Options,
  emit: (event: eventWithTime) => void,
  nodeOf: (id: number) => Node | null,
  mayRead: (canvas: Node) => boolean,
): { follow: (event: eventWithTime) => void; stop: () => void } {
  const given = options.sampling?.canvas;
  const everyMs = 1_000 / Math.min(MAX_PER_SECOND, typeof given === 'number' && given > 0 ? given : DEFAULT_PER_SECOND);
  /** By rrweb's id, the newest picture of each canvas, as a data URL; empty before the first. */
  const pictures = new Map<number, string>();
  const unreadable = new WeakSet<Node>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  const restore = keepDrawingBuffers();

  /** Not at once, but in the frame after that: then what the page draws in its own callback is there. */
  function schedule(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      frame = requestAnimationFrame(takeAll);
    }, ms);
  }

  function takeAll(): void {
    const beganMs = performance.now();
    for (const [id, url] of [...pictures]) {
      if (performance.now() - beganMs > TURN_MS) break;
      const canvas = nodeOf(id) as HTMLCanvasElement | null;
      pictures.delete(id);
      if (!canvas) continue;
      pictures.set(id, url); // behind those that had no turn
      if (canvas.isConnected && !unreadable.has(canvas) && mayRead(canvas)) take(id, canvas);
    }
    if (pictures.size) schedule(Math.max(everyMs, (performance.now() - beganMs) / MAX_SHARE));
    else timer = undefined;
  }

  function take(id: number, canvas: HTMLCanvasElement): void {
    const { width, height } = canvas;
    const scale = Math.min(1, MAX_PX / Math.max(width, height));
    const copy = document.createElement('canvas');
    copy.width = width * scale;
    copy.height = height * scale;
    if (!copy.width || !copy.height) return;
    try {
      copy.getContext('2d')!.drawImage(canvas, 0, 0, copy.width, copy.height);
      copy.toBlob((blob) => blob && read(id, canvas, blob), 'image/webp', QUALITY);
    } catch {
      unreadable.add(canvas); // it shows something of another origin
    }
  }

  function read(id: number, canvas: HTMLCanvasElement, blob: Blob): void {
    const reader = new FileReader();
    reader.onload = () => {
      const url = reader.result as string;
      const known = pictures.get(id);
      if (known === undefined || known === url) return;
      pictures.set(id, url);
      tell(id, canvas, url);
    };
    reader.readAsDataURL(blob);
  }

  function tell(id: number, canvas: HTMLCanvasElement, url: string): void {
    const [type, base64] = url.slice('data:'.length).split(';base64,') as [string, string];
    emit(pictureEvent(id, canvas, type, base64));
  }

  function note(root: unknown): void {
    const waiting = [root as { tagName?: string; id: number; childNodes?: object[] }];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (node.tagName === 'canvas' && !pictures.has(node.id)) pictures.set(node.id, '');
      for (const child of node.childNodes ?? []) waiting.push(child as typeof node);
    }
  }

  return {
    follow({ type, data }) {
      const adds = type === INCREMENTAL && (data as { adds?: { node: object }[] }).adds;
      if (type === FULL_SNAPSHOT) {
        note(data.node);
        for (const [id, url] of pictures) if (url && nodeOf(id)) tell(id, nodeOf(id) as HTMLCanvasElement, url);
      } else if (adds) for (const add of adds) note(add.node);
      if (pictures.size && timer === undefined) schedule(0);
    },
    stop() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      pictures.clear();
      restore();
    },
  };
}

/** Let a WebGL canvas that is created from now on be read in any frame, not only in the one in which it was drawn. */
function keepDrawingBuffers(): () => void {
  const { prototype } = HTMLCanvasElement;
  const { getContext: own } = prototype;
  const ours = function (this: HTMLCanvasElement, type: string, settings?: object): unknown {
    return Reflect.apply(own, this, /webgl/.test(type) ? [type, { ...settings, preserveDrawingBuffer: true }] : arguments);
  } as typeof own;
  prototype.getContext = ours;
  return () => {
    if (prototype.getContext === ours) prototype.getContext = own;
  };
}

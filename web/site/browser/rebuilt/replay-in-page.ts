/** Runs in a page: replays events as the site does, by each way to a moment. */
import { isEvent } from '../../src/player/event';
import { createResourceStore } from '../../src/player/resources/resource-store';
import { createResources } from '../../src/player/resources/resources';
import { createSanitizer } from '../../src/player/sanitize-replay';
import { createStage } from '../../src/player/stage';
import { treeOf } from './tree';

const SPEED = 4;

/** The colours in the middle of each canvas's picture in the document of a moment, and its size, by its id. */
async function canvasesOf(root: Document | ShadowRoot): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    const inner = element.shadowRoot ?? (element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument : null);
    if (inner) Object.assign(found, await canvasesOf(inner));
    if (element.localName !== 'canvas') continue;
    const { width, height } = element.getBoundingClientRect();
    found[element.id] = `${await colourOf(element)} ${width}x${height}`;
  }
  return found;
}

async function colourOf(canvas: HTMLElement): Promise<string> {
  const url = /url\("(data:[^"]+)"\)/.exec(canvas.style.backgroundImage)?.[1];
  if (!url) return 'blank';
  const image = new Image();
  image.src = url;
  await image.decode();
  const copy = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')!;
  copy.drawImage(image, -image.width / 2, -image.height / 2);
  const [red, green, blue] = [...copy.getImageData(0, 0, 1, 1).data].map((one) => (one > 128 ? 1 : 0));
  return ['black', 'blue', 'green', 'cyan', 'red', 'magenta', 'yellow', 'white'][4 * red! + 2 * green! + blue!]!;
}

/** What each canvas shows at some moments, as shares of the recording, one after the other. */
export async function canvasesAt(lines: readonly string[], shares: readonly number[]): Promise<Record<string, string>[]> {
  const sanitize = createSanitizer();
  const events = lines.map((line) => JSON.parse(line) as unknown).filter(isEvent);
  for (const event of events) sanitize(event);
  const root = document.body.appendChild(document.createElement('div'));
  let onFirstFrame = () => {};
  const firstFrame = new Promise<void>((resolve) => (onFirstFrame = resolve));
  const stage = createStage(root, events, { onFirstFrame, onView: () => {}, onFault: () => {} }, createResources(createResourceStore(async () => undefined)));
  await firstFrame;
  const endMs = events.at(-1)!.timestamp - events[0]!.timestamp + 1;
  const found = [];
  for (const share of shares) {
    stage.pause(endMs * share);
    await new Promise((resolve) => setTimeout(resolve, 100));
    found.push(await canvasesOf(root.querySelector('iframe')!.contentDocument!));
  }
  stage.destroy();
  root.remove();
  return found;
}

/** The tree once it stays as it is, or after three seconds: a player scrolls smoothly. */
async function settledTree(page: () => Document): Promise<string[]> {
  let tree: string[] = [];
  for (let looks = 0, before = ''; looks < 50; looks += 1, before = `${tree}`) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    tree = treeOf(page());
    if (`${tree}` === before) break;
  }
  return tree;
}

/** The document in the end, after a jump there or after playing. */
export async function replayed(lines: readonly string[], how: 'jump' | 'play'): Promise<{ tree: string[]; faults: string[] }> {
  const sanitize = createSanitizer();
  const events = lines.map((line) => JSON.parse(line) as unknown).filter(isEvent);
  for (const event of events) sanitize(event);
  const root = document.body.appendChild(document.createElement('div'));
  const faults: string[] = [];
  let onFirstFrame = () => {};
  const firstFrame = new Promise<void>((resolve) => (onFirstFrame = resolve));
  const stage = createStage(root, events, { onFirstFrame, onView: () => {}, onFault: (fault) => void faults.push(String(fault)) }, createResources(createResourceStore(async () => undefined)));
  await firstFrame;
  const endMs = Math.max(...events.map(({ timestamp }) => timestamp)) - events[0]!.timestamp + 1;
  if (how === 'jump') stage.pause(endMs);
  else {
    stage.play(0);
    stage.setSpeed(SPEED);
    while (stage.time() < endMs) {
      stage.ahead();
      await new Promise(requestAnimationFrame);
    }
  }
  const tree = await settledTree(() => root.querySelector('iframe')!.contentDocument!);
  stage.destroy();
  root.remove();
  return { tree, faults };
}

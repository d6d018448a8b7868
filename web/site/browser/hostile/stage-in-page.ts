/** Runs in a page: plays random events as the site does, and reports forbidden elements and attributes that rrweb built. */
import { Replayer } from '@rrweb/replay';
import type { eventWithTime } from '@rrweb/types';
import { isEvent } from '../../src/player/event';
import { createResourceStore } from '../../src/player/resources/resource-store';
import { createResources } from '../../src/player/resources/resources';
import { createSanitizer } from '../../src/player/sanitize-replay';
import { type Stage, createStage } from '../../src/player/stage';
import type { Draw } from './draws';

/** Attributes that no element of a kind may have, whatever a recording contains. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  A: ['ping', 'target', 'download'],
  BUTTON: ['formaction'],
  EMBED: ['src'],
  FORM: ['action', 'target'],
  FRAME: ['src'],
  IFRAME: ['src', 'srcdoc', 'name', 'allow', 'sandbox'],
  LINK: ['href', 'rel'],
  META: ['http-equiv', 'content'],
  OBJECT: ['data'],
};
const TAGS_NEVER_BUILT = ['SCRIPT', 'BASE', 'PORTAL', 'FENCEDFRAME'];
const EACH_ONCE = Object.fromEntries([...new Set(Object.values(FORBIDDEN).flat())].map((name) => [name, 'data:text/html,evil']));

/** The player of the newest stage: a stage does not expose its own. */
let replayer: Replayer;
const { on } = Replayer.prototype;
Replayer.prototype.on = function (...given) {
  replayer = this;
  return on.apply(this, given);
};

const HTML = 'http://www.w3.org/1999/xhtml';
/** An element of this namespace is no script, whatever its name. */
const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** rrweb looks for the neighbour of an added node for half a second of this clock: made fast here. */
let nowMs = Date.now();
Date.now = () => (nowMs += 100);

/** The faults found in a recording, in words. */
export async function findings({ lines, begins, maxNodes, seekMs, plays }: Draw): Promise<string[]> {
  const sanitize = createSanitizer(maxNodes);
  const accepted = lines.map((line) => {
    const event: unknown = JSON.parse(line);
    if (!isEvent(event)) return undefined;
    try {
      sanitize(event);
      return event;
    } catch {
      return undefined; // as parse.ts leaves it out
    }
  });
  const isPicture = (event: eventWithTime | undefined) => (event?.type as number | undefined) === 2;
  const first = accepted.findIndex(isPicture) + 1;
  if (first === 0) return [];
  const cut = Math.max(first, Math.floor(begins * lines.length));
  const before = accepted.slice(0, cut).filter((event) => event !== undefined);
  before.sort((a, b) => a.timestamp - b.timestamp);
  const root = document.body.appendChild(document.createElement('div'));
  root.hidden = true; // layout would take longer than everything else
  let onFirstFrame = () => {};
  const firstFrame = new Promise<void>((resolve) => (onFirstFrame = resolve));
  const stage = createStage(root, before, { onFirstFrame, onView: () => {}, onFault: () => {} }, createResources(createResourceStore(async () => undefined)));
  const own = replayer;
  const found: string[] = [];
  const look = (when: string) => found.push(...inPage(own).map((one) => `${when}: ${one}`));
  const startMs = before[0]!.timestamp;
  const endMs = Math.max(...accepted.map((event) => event?.timestamp ?? 0)) - startMs + 1;
  await firstFrame;
  look('at first');
  stage.pause(endMs);
  look('with what came first');
  for (const event of accepted.slice(cut)) {
    if (event) stage.add(event);
  }
  look('with what came later');
  for (const atMs of [endMs, seekMs, endMs]) {
    stage.pause(atMs);
    look(`at ${atMs} ms`);
  }
  found.push(...allowedWrongly(own, sanitize, startMs + endMs).map((one) => `in the end: ${one}`));
  if (plays) await played(stage, endMs);
  look('played');
  stage.destroy();
  root.remove();
  return found;
}

async function played(stage: Stage, endMs: number): Promise<void> {
  stage.play(0);
  while (stage.time() < endMs) {
    stage.ahead();
    await new Promise(requestAnimationFrame);
  }
}

/** The faults of the replayed page. */
function inPage({ iframe }: Replayer): string[] {
  if (!iframe.contentDocument) return ['the page was navigated'];
  return elementsOf(iframe.contentDocument).flatMap((element) => {
    const { tagName } = element;
    if (TAGS_NEVER_BUILT.includes(tagName) || (element.localName === 'script' && element.namespaceURI !== MATHML)) return [`there is a ${tagName}`];
    const names = [...element.attributes].filter(({ name, value }) => isForbidden(element, name, value)).map(({ name }) => name);
    const wrong = names.map((name) => `${tagName} has ${name}`);
    // By its namespace: an SVG element of this name is no frame, and `instanceof` fails across realms.
    if (element.namespaceURI === HTML && element.localName === 'iframe') {
      if (!(element as HTMLIFrameElement).contentDocument) wrong.push(`${tagName} was navigated`);
    }
    if ((element as HTMLMediaElement).paused === false) wrong.push(`${tagName} plays`);
    return wrong;
  });
}

function isForbidden(element: Element, name: string, value: string): boolean {
  if (name.startsWith('data-store-own-')) return false; // it does nothing there
  const isHtml = element.namespaceURI === HTML && element.localName === element.localName.toLowerCase(); // otherwise of no kind
  return (isHtml && FORBIDDEN[element.tagName]?.includes(name)) || /^on/.test(name) || /^\s*javascript:/i.test(value);
}

/** All elements, including those in frames and shadow trees. */
function elementsOf(root: Document | ShadowRoot): Element[] {
  return [...root.querySelectorAll('*')].flatMap((element) => {
    const inner = (element as HTMLIFrameElement).contentDocument;
    return [element, ...(element.shadowRoot ? elementsOf(element.shadowRoot) : []), ...(inner ? elementsOf(inner) : [])];
  });
}

/** Attributes that the sanitizer lets a change set by an id, but that the element in rrweb may not have. */
function allowedWrongly(player: Replayer, sanitize: (event: unknown) => void, timestamp: number): string[] {
  const mirror = player.getMirror();
  return mirror.getIds().flatMap((id) => {
    const node = mirror.getNode(id);
    if (!node || node.nodeType !== node.ELEMENT_NODE || (node as Element).namespaceURI !== HTML || /[A-Z]/.test((node as Element).localName)) return [];
    const change = { id, attributes: { ...EACH_ONCE } };
    sanitize({ type: 3, timestamp, data: { source: 0, adds: [], removes: [], texts: [], attributes: [change] } });
    const { tagName } = node as Element;
    const left = Object.keys(change.attributes).filter((name) => FORBIDDEN[tagName]?.includes(name));
    return left.map((name) => `${name} may be set by ${id}, which is ${tagName}`);
  });
}

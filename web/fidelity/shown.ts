/** What a page or its replay shows at a moment. */
import type { Frame, Page } from 'playwright-core';
import type { Box } from '../site/browser/boxes';
import { until } from './until';

/** A moment is taken as it is if something on the page never comes to rest. */
const REST_MS = 8_000;

export interface Shown {
  readonly png: Buffer;
  readonly facts: Facts;
}

export interface Facts {
  /** In the order of the document, with shadow trees, frames, and the values of fields. */
  readonly texts: readonly string[];
  readonly boxes: readonly Box[];
}

/** Waits until no frame scrolls, or has a finite animation, a font or a seen picture under way. From outside: a frame may run no scripts. */
export async function atRest(frames: () => readonly Frame[]): Promise<void> {
  const states = () => Promise.all(frames().map((frame) => frame.evaluate(stateOf).catch(() => '')));
  let [before, restful] = ['', 0]; // transitions start with the next style, so one look is not enough
  const isStill = async () => {
    const now = (await states()).join();
    restful = now === before && !now.includes('busy') ? restful + 1 : 0;
    before = now;
    return restful > 2;
  };
  await until('the page is at rest', isStill, REST_MS).catch(() => {});
}

/** Runs in the page. Where everything is scrolled to, and whether something is under way. */
function stateOf(): string {
  const isSeen = (image: HTMLImageElement) => {
    const { bottom, top } = image.getBoundingClientRect();
    return bottom >= 0 && top <= innerHeight;
  };
  const isMoving = (one: Animation) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity;
  const isBusy =
    document.fonts.status === 'loading' ||
    [...document.images].some((image) => !image.complete && isSeen(image)) ||
    document.getAnimations().some(isMoving);
  const scrolled = [...document.querySelectorAll('*')].flatMap(({ scrollTop, scrollLeft }) => (scrollTop || scrollLeft ? [scrollTop, scrollLeft] : []));
  return `${isBusy ? 'busy' : ''} ${scrolled.join(' ')}`;
}

/** @param clip the page's place in the window */
export async function shown(page: Page, frame: Frame, clip: { x: number; y: number; width: number; height: number }): Promise<Shown> {
  const png = await page.screenshot({ clip, caret: 'initial' }); // hiding it would be recorded
  return { png, facts: await frame.evaluate(factsOf) };
}

/** Runs in the page. */
function factsOf(): Facts {
  const texts: string[] = [];
  const boxes: { name: string; box: number[] }[] = [];
  const silent = 'script, style, noscript, template, option, title, head, meta, link, base';
  function look(node: Node): void {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent!.trim().replace(/\s+/g, ' ');
      const { parentElement } = node;
      if (text && (!parentElement || parentElement.checkVisibility({ visibilityProperty: true }))) texts.push(text);
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      const element = node as Element & { value?: unknown; checked?: unknown; contentDocument?: Document | null };
      if (element.matches(silent) || !element.checkVisibility()) return;
      const { x, y, width, height } = element.getBoundingClientRect();
      boxes.push({ name: element.localName, box: width || height ? [x, y, width, height] : [0, 0, 0, 0] }); // where nothing is, is nowhere
      if (element.matches('input:not([type=password], [type=hidden], [type=file]), textarea, select')) texts.push(`${element.localName}: ${String(element.value)}`);
      if (element.matches('[type=checkbox], [type=radio]')) texts.push(`checked: ${String(element.checked)}`);
      if (element.localName === 'textarea') return;
      if (element.shadowRoot) look(element.shadowRoot);
      if (element.localName === 'iframe' && element.contentDocument) look(element.contentDocument);
    }
    for (const child of node.childNodes) look(child);
  }
  look(document);
  return { texts, boxes };
}

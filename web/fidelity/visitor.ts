/** A visitor's mouse and keyboard. Every input is the browser's own, so it is trusted. */
import type { Locator, Page } from 'playwright-core';
import { until } from './until';

/** For what a visitor waits to see. */
export const PATIENCE_MS = 40_000;
/** Moves of a mouse that is seen: fewer would be one jump. */
const STEPS = 6;

export type Visitor = ReturnType<typeof createVisitor>;

export function createVisitor(page: Page) {
  let at = { x: 0, y: 0 };

  const locate = (target: string | Locator): Locator => (typeof target === 'string' ? page.locator(target).first() : target);

  /** To a point of the window. */
  async function moveTo(x: number, y: number): Promise<void> {
    at = { x: Math.round(x), y: Math.round(y) };
    await page.mouse.move(at.x, at.y, { steps: STEPS });
  }

  /** To the middle of an element, or to a point of it. */
  async function hover(target: string | Locator, point?: { x: number; y: number }): Promise<void> {
    const element = locate(target);
    await element.scrollIntoViewIfNeeded();
    const box = await element.boundingBox();
    if (!box) throw new Error(`the visitor does not see ${target}`);
    await moveTo(box.x + (point?.x ?? box.width / 2), box.y + (point?.y ?? box.height / 2));
  }

  async function press(): Promise<void> {
    await page.mouse.down();
    await page.mouse.up();
  }

  return {
    page,
    /** Where the mouse is. */
    at: () => at,
    moveTo,
    hover,
    async click(target: string | Locator, point?: { x: number; y: number }): Promise<void> {
      await hover(target, point);
      await press();
    },
    /** Types into what has the focus. */
    type: (text: string) => page.keyboard.type(text, { delay: 15 }),
    key: (name: string) => page.keyboard.press(name),
    /** Drags from one element to a point of another, in steps. */
    async drag(from: string | Locator, to: string | Locator, point?: { x: number; y: number }): Promise<void> {
      await hover(from);
      await page.mouse.down();
      await hover(to, point);
      await moveTo(at.x + 1, at.y + 1);
      await page.mouse.up();
    },
    wheel: (dx: number, dy: number) => page.mouse.wheel(dx, dy),
    /** Waits for an element to be seen. */
    sees: (target: string | Locator) => locate(target).waitFor(),
    /** Waits until an expression of the page is true. */
    until: (expression: string) => until(expression, () => page.evaluate<boolean>(`Boolean(${expression})`), PATIENCE_MS),
  };
}

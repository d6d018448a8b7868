/** How many pixels of two pictures of one size differ: the one comparison of a page with its replay. */
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** The distance of two colours, from 0 to 1, that the eye does not see. Pixels that only smooth an edge do not count at all. */
export const COLOUR_TOLERANCE = 0.1;

export type PixelBox = readonly [x: number, y: number, width: number, height: number];

export interface PixelsCompared {
  /** From 0 to 1. */
  readonly share: number;
  /** The compared pictures as PNG, and a third that shows where they differ. */
  readonly pictures: Readonly<Record<'recorded' | 'replayed' | 'between', Buffer>>;
}

/** Compares two PNGs, except for what is in the hidden boxes. Throws if their sizes differ. */
export function comparePixels(recorded: Buffer, replayed: Buffer, hidden: readonly PixelBox[] = []): PixelsCompared {
  const [before, after] = [PNG.sync.read(recorded), PNG.sync.read(replayed)];
  for (const picture of [before, after]) {
    for (const box of hidden) blacken(picture, box);
  }
  const { width, height } = before;
  const between = new PNG({ width, height });
  const pixels = pixelmatch(before.data, after.data, between.data, width, height, { threshold: COLOUR_TOLERANCE });
  const [first, second, third] = [before, after, between].map((picture) => PNG.sync.write(picture)) as [Buffer, Buffer, Buffer];
  return { share: pixels / (width * height), pictures: { recorded: first, replayed: second, between: third } };
}

function blacken({ data, width: all, height: high }: PNG, [x, y, width, height]: PixelBox): void {
  for (let row = Math.max(0, y); row < Math.min(high, y + height); row++) {
    data.fill(0, 4 * (row * all + Math.max(0, x)), 4 * (row * all + Math.min(all, Math.max(0, x + width))));
  }
}

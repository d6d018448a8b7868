/** Pictures compared by the mean colours of their parts, which another version of the browser or another font changes little. */
import { PNG } from 'pngjs';

export type Box = readonly [x: number, y: number, width: number, height: number];

const CELL_PX = 20;
/** Of 255. A word in place of another one changes a cell by up to 20, a picture that is missing by more than 60. */
const MAX_APART = 40;

/** The cells whose mean colours differ, as `x, y` of their corners; not those that a box of `leftOut` touches. */
export function cellsApart(one: Buffer, other: Buffer, leftOut: readonly Box[]): string[] {
  const [first, second] = [PNG.sync.read(one), PNG.sync.read(other)];
  if (first.width !== second.width || first.height !== second.height) {
    return [`${first.width} × ${first.height} and ${second.width} × ${second.height}`];
  }
  const apart: string[] = [];
  for (let y = 0; y < first.height; y += CELL_PX) {
    for (let x = 0; x < first.width; x += CELL_PX) {
      if (leftOut.some((box) => touches(box, x, y))) continue;
      const [before, after] = [meanOf(first, x, y), meanOf(second, x, y)];
      if (before.some((level, channel) => Math.abs(level - after[channel]!) > MAX_APART)) apart.push(`${x}, ${y}: ${before} is ${after}`);
    }
  }
  return apart;
}

function touches([left, top, width, height]: Box, x: number, y: number): boolean {
  return x < left + width && left < x + CELL_PX && y < top + height && top < y + CELL_PX;
}

/** Red, green and blue. */
function meanOf({ data, width, height }: PNG, left: number, top: number): number[] {
  const sums = [0, 0, 0];
  const [right, bottom] = [Math.min(width, left + CELL_PX), Math.min(height, top + CELL_PX)];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) for (const channel of sums.keys()) sums[channel]! += data[4 * (y * width + x) + channel]!;
  }
  return sums.map((sum) => Math.round(sum / ((right - left) * (bottom - top))));
}

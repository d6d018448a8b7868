import { expect, it } from 'vitest';
import { isPicture, sizeOf } from './picture-box';

const shown = (width: string, height: string) =>
  ({ ownerDocument: { defaultView: { getComputedStyle: () => ({ width, height, color: 'red' }) } } }) as unknown as Element;

it('knows what shows a picture or plays a medium', () => {
  expect(['img', 'VIDEO', 'canvas'].every(isPicture)).toBe(true);
  expect(['image', 'picture', 'iframe', 'svg', 'p'].some(isPicture)).toBe(false);
});

it('has no size for an element that is not shown', () => {
  expect(sizeOf(shown('20.5px', '10px'))).toEqual({ width: '20.5px', height: '10px' });
  expect(sizeOf(shown('auto', 'auto'))).toBeUndefined();
});

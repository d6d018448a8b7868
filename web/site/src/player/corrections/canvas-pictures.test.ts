import { expect, test } from 'vitest';
import { pictureOf } from './canvas-pictures';

const frame = (type: string, base64: string) => ({
  commands: [
    { property: 'clearRect', args: [0, 0, 9, 9] },
    {
      property: 'drawImage',
      args: [{ rr_type: 'ImageBitmap', args: [{ rr_type: 'Blob', data: [{ rr_type: 'ArrayBuffer', base64 }], type }] }],
    },
  ],
});

test('a frame of a canvas is a picture', () => {
  expect(pictureOf(frame('image/webp', 'QUJD'))).toBe('data:image/webp;base64,QUJD');
});

test('other types, and text that would break out of the CSS, are no picture', () => {
  expect(pictureOf(frame('image/svg+xml', 'QUJD'))).toBeUndefined();
  expect(pictureOf(frame('image/png', '"),url(https://evil.example'))).toBeUndefined();
  expect(pictureOf({ commands: [{ property: 'drawImage', args: [null] }] })).toBeUndefined();
  expect(pictureOf({})).toBeUndefined();
});

/** The files of a page with nine photographs and three fonts. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { noisePng } from './noise-png.mjs';

const PHOTOGRAPHS = 9;
const WIDTH = 500;
const HEIGHT = 400;
const FONTS = ['latin-wght-normal', 'latin-wght-italic', 'latin-ext-wght-normal'];

/**
 * The files, by the path at which they are served.
 *
 * @returns {Promise<Record<string, import('../recorded-session/only-these-files.mjs').ServedFile>>}
 */
export async function pageFiles() {
  /** @type {Awaited<ReturnType<typeof pageFiles>>} */
  const files = { '/': { contentType: 'text/html; charset=utf-8', body: html() } };
  for (let number = 1; number <= PHOTOGRAPHS; number += 1) {
    files[`/${number}.png`] = { contentType: 'image/png', body: noisePng(WIDTH, HEIGHT, number) };
  }
  for (const font of FONTS) {
    const file = import.meta.resolve(`@fontsource-variable/inter/files/inter-${font}.woff2`);
    files[`/${font}.woff2`] = { contentType: 'font/woff2', body: await readFile(fileURLToPath(file)) };
  }
  return files;
}

/** Loads fonts from bytes, and after the snapshot: rrweb only collects such fonts. */
function html() {
  const images = Array.from({ length: PHOTOGRAPHS }, (_, index) => `<img src="/${index + 1}.png" alt="">`);
  return `<!doctype html>
<html lang="en">
  <title>Photographs of the harbour</title>
  <h1>Photographs of the harbour</h1>
  ${images.join('\n  ')}
  <script>
    addEventListener('load', async () => {
      for (const name of ${JSON.stringify(FONTS)}) {
        const answer = await fetch('/' + name + '.woff2');
        const font = new FontFace(name, await answer.arrayBuffer());
        document.fonts.add(font);
        await font.load();
      }
      document.body.dataset.ready = 'yes';
    });
  </script>
</html>
`;
}

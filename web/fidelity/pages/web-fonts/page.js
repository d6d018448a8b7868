import '@fontsource-variable/source-serif-4/index.css';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import '@fontsource/noto-sans-jp/japanese-400.css';
import '@fontsource/noto-naskh-arabic/arabic-400.css';
import bold from '@fontsource/noto-sans-jp/files/noto-sans-jp-latin-900-normal.woff2';

document.querySelector('#more').onclick = () => document.querySelectorAll('.ja, .ar').forEach((one) => (one.hidden = false));
document.querySelector('#load').onclick = async () => {
  const font = new FontFace('Made', await (await fetch(bold)).arrayBuffer());
  document.fonts.add(await font.load());
  const made = document.querySelector('#made');
  made.style.fontFamily = 'Made';
  made.hidden = false;
};

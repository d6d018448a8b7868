// Long enough to be compressed: CloudFront leaves alone what is under 1,000 bytes.
const shown = document.querySelector('main');
try {
  const config = await (await fetch('/config.json')).json();
  document.documentElement.dataset.config = JSON.stringify(config);
  shown.textContent = Object.entries(config).map(([name, value]) => `${name}  ${value}`).join('\n');
} catch (error) {
  shown.textContent = String(error);
}
export const line0 = 'a line that makes this file longer, number 0';
export const line1 = 'a line that makes this file longer, number 1';
export const line2 = 'a line that makes this file longer, number 2';
export const line3 = 'a line that makes this file longer, number 3';
export const line4 = 'a line that makes this file longer, number 4';
export const line5 = 'a line that makes this file longer, number 5';
export const line6 = 'a line that makes this file longer, number 6';
export const line7 = 'a line that makes this file longer, number 7';
export const line8 = 'a line that makes this file longer, number 8';
export const line9 = 'a line that makes this file longer, number 9';
export const line10 = 'a line that makes this file longer, number 10';
export const line11 = 'a line that makes this file longer, number 11';

/** Elements of SVG that run, load or navigate. Styles stay: the site's policy lets them load nothing. */
const REMOVED = /^(?:script|foreignobject|iframe|embed|object|audio|video|a|handler|listener|animate\w*|set)$/i;
const MAX_CHARACTERS = 2_000_000;

/**
 * A drawing without anything that runs, loads or navigates, as its source; undefined if it is none.
 *
 * It is shown as a picture, in which a browser runs nothing, but its symbols are also used in the page.
 */
export function safeDrawing(source: string): string | undefined {
  if (source.length > MAX_CHARACTERS) return undefined;
  const { documentElement } = new DOMParser().parseFromString(source.replace(/<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>/i, ''), 'image/svg+xml');
  if (documentElement.localName !== 'svg') return undefined;
  for (const element of [documentElement, ...documentElement.querySelectorAll('*')]) {
    if (REMOVED.test(element.localName)) element.remove();
    for (const { name, value } of [...element.attributes]) {
      const isAddress = /(?:^|:)(?:href|src)$/i.test(name);
      if (/^on/i.test(name) || (isAddress && !/^\s*(?:#|data:image\/(?:png|jpe?g|gif|webp);)/i.test(value))) element.removeAttribute(name);
    }
  }
  return new XMLSerializer().serializeToString(documentElement);
}

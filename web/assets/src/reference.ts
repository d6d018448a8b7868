/** What stands in a line in place of an asset: this and its SHA-256, 64 digits of lower case hexadecimal. */
export const REFERENCE = 'rrweb-asset:';

/** Behind this, a reference stands for base64; behind {@link BEFORE_FONT}, for a list of bytes. */
export const BEFORE_BASE64 = ';base64,';

/** rrweb writes a font that a script made from bytes as `"fontSource":"[0,1,…]"`. */
export const BEFORE_FONT = '"fontSource":"';

/** The same text for `restoreAssets` to give back, whatever the page wrote: a colon more is no reference. */
export function escaped(text: string): string {
  return text.replaceAll(REFERENCE, `${REFERENCE}:`);
}

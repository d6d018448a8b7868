/** In place of an asset a line has this and its SHA-256, 64 digits of lower case hexadecimal. */
export const REFERENCE = 'rrweb-asset:';

/** After this, a reference stands for base64; after {@link BEFORE_FONT}, for a list of bytes. */
export const BEFORE_BASE64 = ';base64,';

/** rrweb writes a font that a script made from bytes as `"fontSource":"[0,1,…]"`. */
export const BEFORE_FONT = '"fontSource":"';

/** The text with a colon after each reference that the page wrote itself, which `restoreAssets` removes. */
export function escaped(text: string): string {
  return text.replaceAll(REFERENCE, `${REFERENCE}:`);
}

import type { Attributes } from '../kept-attributes';

/**
 * Remove the value that a field has no longer.
 *
 * rrweb 2.1.6 masks the property `value` of a field and puts it in place of the attribute, but only if it is not empty: what
 * a visitor or a script has cleared stays as the attribute says it, in clear. No issue of rrweb names it; the nearest is
 * https://github.com/rrweb-io/rrweb/issues/1609. Right would be to write the property there also if it is empty.
 *
 * tests/e2e/test_rrweb_masking.py says when this can go.
 *
 * @param field an `input` for text, a `textarea` or a `select`
 */
export function removeClearedValue(attributes: Attributes, field: Element): void {
  if (!(field as HTMLInputElement).value && attributes.value) delete attributes.value;
}

/**
 * Whether an attribute says which option of a list is chosen.
 *
 * rrweb 2.1.6 leaves `selected` out as it serializes an option of a masked list, and records a later change of the attribute.
 * For the first part see https://github.com/rrweb-io/rrweb/issues/746. Right would be to ask the same for a change.
 *
 * tests/e2e/test_rrweb_masking.py says when this can go.
 */
export const saysWhatIsChosen = (tag: string, attribute: string): boolean => tag === 'option' && attribute === 'selected';

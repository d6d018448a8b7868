/** Where two JSON values differ, in words. */

/**
 * One line for each difference, none if the values are equal.
 *
 * @example
 * differences({ a: [1, 2] }, { a: [1, 3] }) // ['a[1]: recorded 2, replayed 3']
 *
 * @param {unknown} recorded
 * @param {unknown} replayed
 * @param {string} [path]
 * @returns {string[]}
 */
export function differences(recorded, replayed, path = '') {
  if (isObject(recorded) && isObject(replayed)) {
    const inList = Array.isArray(recorded);
    return [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])].flatMap((key) =>
      differences(recorded[key], replayed[key], inList ? `${path}[${key}]` : path ? `${path}.${key}` : key),
    );
  }
  if (Object.is(recorded, replayed)) return [];
  return [`${path}: recorded ${inWords(recorded)}, replayed ${inWords(replayed)}`];
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** @param {unknown} value */
function inWords(value) {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

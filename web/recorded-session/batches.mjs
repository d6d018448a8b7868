/** What a recorder sends, as text. */
import { gunzipSync } from 'node:zlib';

/**
 * The text of a body, which may be gzip.
 *
 * @param {Buffer} body
 */
export function textOf(body) {
  return (body[0] === 0x1f ? gunzipSync(body) : body).toString();
}

/**
 * The events of batches, one as JSON each, in the order of the batches.
 *
 * @param {Iterable<readonly [sequence: string, body: Buffer]>} batches each sequence in nine digits, or a path that ends so
 */
export function linesOf(batches) {
  const inOrder = [...batches].sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.flatMap(([, body]) => textOf(body).split('\n').filter(Boolean));
}

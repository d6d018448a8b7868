/** A server on another origin than the page's, which counts a recorder's requests and answers them as it expects. */
import { createHash } from 'node:crypto';
import { createServer, request as ask } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, inflateSync, unzipSync } from 'node:zlib';

/** https://datatracker.ietf.org/doc/html/rfc6455#section-1.3 */
const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** The longest time for which Chromium caches a preflight. */
const PREFLIGHT_MAX_AGE_S = 7_200;

/** @typedef {{ method: string, path: string, body: Buffer, headers: import('node:http').IncomingHttpHeaders }} Asked */
/** @typedef {{ status: number, headers: Record<string, string | string[] | undefined>, body: Buffer | string }} Answer */

/**
 * @param {((asked: Asked) => Promise<Answer>)} respond
 */
export async function openSink(respond) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  /** @type {Asked[]} */
  const asked = [];
  /** @type {Buffer[]} */
  const messages = [];
  let upgrades = 0;
  const server = createServer((request, response) => {
    void buffer(request)
      .then(async (body) => {
        const one = { method: request.method ?? '', path: request.url ?? '', body, headers: request.headers };
        asked.push(one);
        const answer = await respond(one);
        response.writeHead(answer.status, answer.headers).end(answer.body);
      })
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('upgrade', (request, socket) => {
    upgrades += 1;
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${WEBSOCKET}`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    /** @type {Buffer} */
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes) => (rest = takeMessages(Buffer.concat([rest, bytes]), messages)));
    socket.on('error', () => socket.destroy());
  });
  await new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: `http://127.0.0.1:${port}`,
    /** What has arrived so far. */
    counted() {
      const all = [...sockets];
      const sent = asked.filter(({ method }) => method !== 'OPTIONS');
      return {
        requests: asked.length + upgrades,
        preflights: asked.length - sent.length,
        upBytes: all.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
        downBytes: all.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
        /** Bytes of each body that was not empty. */
        bodies: [...sent.map(({ body }) => body.length), ...messages.map(({ length }) => length)].filter(Boolean),
        viaWebSocket: upgrades > 0,
        paths: asked.map(({ method, path }) => `${method} ${path}`),
        text: [...sent.map(({ body }) => body), ...messages].map(textOf).join('\n'),
      };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/**
 * Appends the payload of each complete frame in `bytes` to `messages`, and returns the rest.
 *
 * @param {Buffer} bytes
 * @param {Buffer[]} messages
 */
function takeMessages(bytes, messages) {
  let at = 0;
  while (bytes.length >= at + 2) {
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const head = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
    if (bytes.length < head + 4) break;
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    const mask = bytes.subarray(head, head + 4);
    if (bytes.length < head + 4 + length) break;
    messages.push(Buffer.from(bytes.subarray(head + 4, head + 4 + length).map((byte, n) => byte ^ (mask[n % 4] ?? 0))));
    at = head + 4 + length;
  }
  return bytes.subarray(at);
}

/**
 * The text of a body in any of the recorders' encodings.
 *
 * @param {Buffer} body
 * @returns {string}
 */
function textOf(body) {
  for (const unpack of [gunzipSync, inflateSync, unzipSync]) {
    try {
      return unpack(body).toString();
    } catch {
      // not in this encoding
    }
  }
  const text = body.toString();
  const packed = /"data":"([A-Za-z0-9+/=]{40,})"/.exec(text)?.[1]; // GraphQL holds base64
  return packed ? textOf(Buffer.from(packed, 'base64')) : text;
}

/**
 * An answer in JSON that a page of any origin may read.
 *
 * @param {Asked} asked
 * @param {unknown} value
 * @returns {Answer}
 */
export function json({ method, headers }, value) {
  const preflight = {
    'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? '*',
    'Access-Control-Allow-Methods': headers['access-control-request-method'] ?? '*',
    'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
  };
  return {
    status: 200,
    headers: {
      'Access-Control-Allow-Origin': headers.origin ?? '*',
      'Access-Control-Allow-Credentials': 'true',
      'Content-Type': 'application/json',
      ...(method === 'OPTIONS' ? preflight : {}),
    },
    body: JSON.stringify(value),
  };
}

/**
 * Returns a function that passes a request on to the API at `apiUrl`.
 *
 * @param {string} apiUrl
 * @returns {(asked: Asked) => Promise<Answer>}
 */
export function passingOnTo(apiUrl) {
  return ({ method, path, body, headers }) =>
    new Promise((resolve, reject) => {
      const url = new URL(`${apiUrl.replace(/\/$/, '')}${path}`);
      const passed = ask(url, { method, headers: { ...headers, host: url.host } }, (response) => {
        const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = response.headers;
        buffer(response).then((answer) => resolve({ status: response.statusCode ?? 502, headers: kept, body: answer }), reject);
      });
      passed.on('error', reject).end(body);
    });
}

/**
 * Measures what it costs on the wire to ask whether an asset exists, and to send it. Prints as JSON the bytes of request
 * and answer over HTTP/2, for a preflight, a HEAD and a PUT without its body. TLS would add about 30 to each.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';

const REQUESTS = 20;
/** About the length of a Cognito ID token. */
const TOKEN_BYTES = 1_050;

/** Headers of the API's answers that depend on the method. */
const ANSWERS = {
  OPTIONS: {
    'access-control-allow-methods': 'GET, PUT, HEAD',
    'access-control-allow-headers': 'Authorization, Batch-Sequence, Content-Encoding, Content-Type, X-Amz-Checksum-Sha256',
    'access-control-max-age': '7200',
  },
  HEAD: { 'content-length': '612345', 'cache-control': 'private, max-age=31536000, immutable' },
  PUT: { 'content-type': 'application/json', 'content-length': '38' },
};

const server = http2.createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    date: new Date().toUTCString(),
    'x-amzn-requestid': randomBytes(16).toString('hex'),
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'x-amz-apigw-id': randomBytes(11).toString('base64'),
    ...ANSWERS[/** @type {keyof typeof ANSWERS} */ (request.method)],
  });
  response.end(request.method === 'PUT' ? 'x'.repeat(38) : '');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
let up = 0;
let down = 0;
const counter = net.createServer((client) => {
  const upstream = net.connect(/** @type {net.AddressInfo} */ (server.address()).port, '127.0.0.1');
  client.on('data', (bytes) => void (up += bytes.length)).pipe(upstream);
  upstream.on('data', (bytes) => void (down += bytes.length)).pipe(client);
});
counter.listen(0, '127.0.0.1');
await once(counter, 'listening');

const session = http2.connect(`http://127.0.0.1:${/** @type {net.AddressInfo} */ (counter.address()).port}`);
const authorization = `Bearer ${randomBytes(TOKEN_BYTES).toString('base64url').slice(0, TOKEN_BYTES)}`;
console.log(
  JSON.stringify({
    preflight: await measured('OPTIONS', () => ({
      'access-control-request-method': 'HEAD',
      'access-control-request-headers': 'authorization',
    })),
    head: await measured('HEAD', () => ({ authorization })),
    put: await measured('PUT', () => ({
      authorization,
      'content-type': 'image/png',
      'x-amz-checksum-sha256': randomBytes(32).toString('base64'),
    })),
  }),
);
session.close();
counter.close();
server.close();

/**
 * @param {string} method
 * @param {() => Record<string, string>} headers of one request
 */
async function measured(method, headers) {
  await sent(method, headers()); // also sends the connection's settings, and headers that HPACK then remembers
  const before = { up, down };
  for (let request = 0; request < REQUESTS; request += 1) await sent(method, headers());
  return { up: Math.round((up - before.up) / REQUESTS), down: Math.round((down - before.down) / REQUESTS) };
}

/**
 * @param {string} method
 * @param {Record<string, string>} headers
 */
async function sent(method, headers) {
  const request = session.request({
    ':method': method,
    ':path': `/dev/assets/${randomBytes(32).toString('hex')}`,
    ...headers,
    origin: 'https://photographs.example',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  });
  request.end();
  request.resume();
  await once(request, 'close');
}

/**
 * What it costs on the wire to ask whether an asset is there: prints the bytes of one HEAD and of its answer over
 * HTTP/2, as JSON. Without TLS, which adds about 30 to each.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';

const REQUESTS = 20;
/** An ID token of a Cognito pool has about so many. */
const TOKEN_BYTES = 1_050;

const server = http2.createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    date: new Date().toUTCString(),
    'content-type': 'image/png',
    'content-length': '612345',
    'x-amzn-requestid': randomBytes(16).toString('hex'),
    'access-control-allow-origin': '*',
    'cache-control': 'private, max-age=31536000, immutable',
    'x-amz-apigw-id': randomBytes(11).toString('base64'),
  });
  response.end();
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
await head(); // with the connection's own settings, and headers that HPACK remembers
const before = { up, down };
for (let request = 0; request < REQUESTS; request += 1) await head();
console.log(
  JSON.stringify({ up: Math.round((up - before.up) / REQUESTS), down: Math.round((down - before.down) / REQUESTS) }),
);
session.close();
counter.close();
server.close();

async function head() {
  const request = session.request({
    ':method': 'HEAD',
    ':path': `/dev/assets/${randomBytes(32).toString('hex')}`,
    authorization,
    origin: 'https://photographs.example',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  });
  request.resume();
  await once(request, 'close');
}

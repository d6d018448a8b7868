/** An API on this machine that keeps in memory what a site's recorder writes: the routes below /w/{key} of openapi.yaml. */
import type { IncomingMessage } from 'node:http';
import { linesOf } from '../recorded-session/batches.mjs';
import { type Server, listen } from './host';

const KEY = 'wk_fidelity0000000000000000';

export interface Store extends Server {
  readonly writeUrl: string;
  /** The events of the recording, one as JSON each, in the order of their batches. */
  readonly lines: () => string[];
  /** Bytes by their SHA-256. */
  readonly assets: ReadonlyMap<string, Buffer>;
}

/** For one recording. */
export async function openStore(): Promise<Store> {
  const batches = new Map<string, Buffer>();
  const assets = new Map<string, Buffer>();
  const server = await listen(async (request, response) => {
    const status = take(request.method ?? '', request.url ?? '', await bodyOf(request));
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*', 'Content-Type': 'application/json' };
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : '{}');
  });

  function take(method: string, url: string, body: Buffer): number {
    const { pathname } = new URL(url, server.url);
    const [kind, name = '', part, sequence] = pathname.split('/').slice(3);
    if (kind === 'assets') {
      if (method === 'HEAD') return assets.has(name) ? 200 : 404;
      assets.set(name, body);
    } else if (part === 'events') batches.set(sequence!, body);
    return 200;
  }

  return { ...server, writeUrl: `${server.url}/w/${KEY}`, lines: () => linesOf(batches), assets };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The server of one page on this machine: its folder, its bundle, files of packages, and the recorder. */
import { readFile, stat } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PAGES, type PageVisit } from './page';

const RECORDER = fileURLToPath(new URL('../recorder/dist/page-copy.js', import.meta.url));
const PACKAGES = fileURLToPath(new URL('node_modules/', import.meta.url));
const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

export interface Server {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of this machine. */
export async function listen(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Serves a page, which records itself to `writeUrl` by the recorder of this product. */
export async function servePage(name: string, visit: PageVisit, writeUrl: string): Promise<Server> {
  const folder = join(PAGES, name);
  const made = await bundled(folder);
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const index = html.replace('<head>', () => `<head>${tag(writeUrl, visit)}`);
  if (index === html) throw new Error(`pages/${name}/index.html must have a <head>`);

  async function bodyOf(path: string): Promise<Uint8Array | string | undefined> {
    if (path === '/') return index;
    if (path === '/page-copy.js') return readFile(RECORDER);
    const bytes = made.get(path);
    if (bytes) return bytes;
    const [, generate] = Object.entries(visit.generated ?? {}).find(([prefix]) => path.startsWith(prefix)) ?? [];
    if (generate) return generate(path);
    const [from, to] = Object.entries(visit.packages ?? {}).find(([prefix]) => path.startsWith(prefix)) ?? [];
    const file = from && to ? join(PACKAGES, to, path.slice(from.length)) : join(folder, path);
    return (await stat(file).catch(() => undefined))?.isFile() ? readFile(file) : undefined;
  }

  return listen(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://page').pathname));
    const body = await bodyOf(path);
    if (body === undefined) return void response.writeHead(404).end();
    response
      .writeHead(200, { 'Content-Type': TYPES[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream', 'Cache-Control': 'max-age=3600' })
      .end(body);
  });
}

/** The script and the sheet that esbuild makes of page.js, with the files that they name; none if there is no page.js. */
async function bundled(folder: string): Promise<Map<string, Uint8Array>> {
  const entry = join(folder, 'page.js');
  if (!(await stat(entry).catch(() => undefined))) return new Map();
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    outdir: '/out',
    publicPath: '/',
    assetNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    jsx: 'automatic',
    loader: { '.js': 'jsx', '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.svg': 'file', '.png': 'file' },
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.replace(/^\/out/, ''), contents]));
}

/** As docs/recorder.md has it, with the level at which a page is shown, and fields as they are: a mask is not a fault. */
function tag(writeUrl: string, { recorder = {} }: PageVisit): string {
  const options = JSON.stringify({ writeUrl, privacy: 'inputs', maskAllInputs: false, ...recorder });
  return `<script>
  window.fidelity = { seen: [], errors: [], start() {
    const note = (event) => (this.seen.push(event), event);
    this.recording = rrwebRecorder.startRecording({ ...${options}, transform: note, onError: (error) => this.errors.push(String(error)) });
  } };
</script><script async src="/page-copy.js" onload="fidelity.start()"></script>`;
}

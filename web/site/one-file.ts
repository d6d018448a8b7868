import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Plugin, build } from 'vite';
import { PLACE, TEMPLATE_FILE } from './src/one-file/format.ts';

export interface OneFileOptions {
  /** Of the template, which each exported file holds. */
  readonly maxGzippedBytes: number;
}

/** Builds the page that plays one recording out of itself, as a text in the site's output: script and styles are in it, the recording is not. */
export function oneFile({ maxGzippedBytes }: OneFileOptions): Plugin {
  return {
    name: 'one-file',
    apply: 'build',
    async generateBundle() {
      const source = template(await bundled());
      const figure = `${gzipSync(source).length.toLocaleString('en')} of ${maxGzippedBytes.toLocaleString('en')} bytes gzipped`;
      if (gzipSync(source).length > maxGzippedBytes) this.error(`the page of one recording is too large: ${figure}`);
      console.info(`page of one recording: ${figure}`);
      this.emitFile({ type: 'asset', fileName: TEMPLATE_FILE, source });
    },
  };
}

interface Bundled {
  readonly script: string;
  readonly style: string;
}

async function bundled(): Promise<Bundled> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const made = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: Infinity,
      rolldownOptions: {
        input: `${root}src/one-file/main.tsx`,
        output: { format: 'iife' },
        onLog: (level, log, handle) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
  });
  const [{ output }] = [made].flat() as [Extract<typeof made, { output: unknown }>];
  const scripts = output.flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  const styles = output.flatMap((part) => (part.type === 'asset' && part.fileName.endsWith('.css') ? [String(part.source)] : []));
  if (scripts.length !== 1 || output.length !== scripts.length + styles.length) {
    throw new Error(`the page of one recording must be one script and style sheets: ${output.map(({ fileName }) => fileName).join(', ')}`);
  }
  return { script: inScriptElement(scripts[0]!), style: styles.join('\n') };
}

/** The script in a form in which no text of it ends its element: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements */
function inScriptElement(script: string): string {
  return script.replace(/<(?=\/script|script|!--)/gi, '\\x3c');
}

function template({ script, style }: Bundled): string {
  if (/<\/style/i.test(style)) throw new Error('a style sheet would end its element');
  const icon = readFileSync(new URL('public/icon.svg', import.meta.url)).toString('base64');
  const digest = createHash('sha256').update(script).digest('base64');
  // Of frames, only those without an address of their own: what is replayed loads nothing, and nothing leaves the page.
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${digest}'`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data: blob:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex" />
    <title>A recorded session</title>
    <link rel="icon" href="data:image/svg+xml;base64,${icon}" />
    <style>
${style}
    </style>
  </head>
  <body>
    <div id="site"></div>
    <noscript>This page plays a recording in your browser: it needs JavaScript.</noscript>
${PLACE}<script>${script}</script>
  </body>
</html>
`;
  if (page.split(PLACE).length !== 2) throw new Error(`the page of one recording must have ${PLACE} once`);
  return page;
}

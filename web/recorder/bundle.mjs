/** Bundles of the recorder, whose code uses the browser's own functions: for `build.mjs`, and for the npm package. */
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';
import { build } from 'vite';
import { MODULE, NATIVE_GLOBALS, nativeCalls } from './native-calls.mjs';
import { rrwebParts } from './rrweb-parts.mjs';
import { TAG_FILE } from './tag-file.mjs';

export const TAG = TAG_FILE.replace(/\.js$/, '');

const root = fileURLToPath(new URL('.', import.meta.url));
export const DIST = `${root}dist`;

/** Properties that have their names from us, and are named nowhere else: not in events, options, plugins, rrweb, a browser or what is kept in one. */
const OWN_NAMES = `
  answered boxOf built checkpoint comeBack continuation copied correct creation drainNow entered extent factsOf follow gathers
  handsOver heard hideInCss hideNames holds hookAll idOf isFinal isHeld isIncomplete isMasked isOn isRemarkable isRunning
  isStopped keepNow lastSequence leftBehind letGo markEnd masksValues meaning monotonic nameOf newestMs newId nodeOf noteCopy
  noted noteMoves noteRecorded onCapture onDelivered outbox quietly readFields recall regroup renews renewsAssets reportDropped
  resumeBatch sealNow sendsFor sendsSnapshots setCreated setOwner sheetOf sinceFirst startAnew takeOpen takeSequence
  takeSnapshot tellAgain tellAll tellTo touchUsers treatmentOf typed useSheet waits watchMoves
`;

const MINIFIED = {
  ecma: /** @type {const} */ (2020),
  compress: { passes: 3 },
  mangle: { properties: { regex: new RegExp(`^(?:${OWN_NAMES.trim().replace(/\s+/g, '|')})$`) } },
};

/**
 * A second minifier for the scripts of a tag, which makes them 3 % smaller than Vite's own.
 *
 * @type {import('vite').Plugin}
 */
const minifyMore = {
  name: 'minify-more',
  async generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === 'chunk') file.code = (await minify(file.code, MINIFIED)).code ?? file.code;
    }
  },
};

/**
 * A bundle loads each plugin from a file of its own, which its bundler finds.
 *
 * @type {import('vite').Plugin}
 */
const pluginsApart = {
  name: 'plugins-apart',
  enforce: 'pre',
  resolveId(source, importer) {
    const [, name] = /^\.\/plugins\/(\w+)$/.exec(source) ?? [];
    return name && importer?.endsWith('/imported-plugins.ts') ? { id: `./recorder-${name}.mjs`, external: true } : undefined;
  },
};

/**
 * @param {Record<string, string>} entry
 * @param {'es' | 'iife'} format
 * @param {object} [options]
 * @param {string} [options.name] the global variable of a script tag
 * @param {boolean} [options.withRrweb] false: nothing is written, since it would not run
 * @param {string} [options.outDir]
 * @param {boolean} [options.sourcemap]
 */
export async function bundle(entry, format, { name = 'rrwebRecorder', withRrweb = true, outDir = DIST, sourcemap = false } = {}) {
  const made = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [rrwebParts, nativeCalls, format === 'iife' ? minifyMore : pluginsApart],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2020', // so that the oldest browsers of docs/recorder.md can read it
      minify: 'oxc',
      sourcemap,
      lib: {
        entry,
        formats: [format],
        name,
        fileName: (_, file) => (file === TAG ? TAG_FILE : format === 'es' ? `${file}.mjs` : `${file}.iife.js`),
      },
      write: withRrweb,
      rolldownOptions: {
        transform: { inject: NATIVE_GLOBALS },
        external: withRrweb ? [] : [/^@rrweb\//],
        output: { globals: { '@rrweb/record': 'rrweb' }, generatedCode: { symbols: false }, codeSplitting: false },
      },
    },
  });
  return chunkOf(made).code;
}

/**
 * A plugin as a function of the browser's own functions, which the recorder has found: `natives`.
 *
 * @param {string} name
 */
export async function pluginBundle(name) {
  return `(natives)=>{${(await builtPlugin(name, { plugins: [nativeCalls, minifyMore] })).code};return plugin.create()}`;
}

/**
 * The same as a module that a bundler minifies, with its source map.
 *
 * @param {string} name
 */
export async function pluginModule(name) {
  const { code, map } = await builtPlugin(name, { plugins: [nativeCalls], build: { minify: false, sourcemap: 'hidden' } });
  if (!map) throw new Error(`no source map of ${name}`);
  return {
    code: `export const create = (natives) => {\n${code}\nreturn plugin.create();\n};\n`,
    map: { ...map, mappings: `;${map.mappings}` }, // one line stands before
  };
}

/**
 * @param {string} name
 * @param {import('vite').InlineConfig} config
 */
async function builtPlugin(name, { build: how, ...config }) {
  const made = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ...config,
    build: {
      target: 'es2020',
      minify: 'oxc',
      ...how,
      lib: { entry: `${root}src/plugins/${name}.ts`, formats: ['iife'], name: 'plugin' },
      write: false,
      rolldownOptions: {
        transform: { inject: Object.fromEntries(Object.keys(NATIVE_GLOBALS).map((global) => [global, [MODULE, global]])) },
        external: [MODULE],
        output: { globals: { [MODULE]: 'natives' }, generatedCode: { symbols: false }, codeSplitting: false },
      },
    },
  });
  return chunkOf(made);
}

/**
 * The one script of a build.
 *
 * @param {Awaited<ReturnType<typeof build>>} made
 */
function chunkOf(made) {
  const [first] = Array.isArray(made) ? made : [made];
  const chunk = first && 'output' in first ? first.output.find((one) => one.type === 'chunk') : undefined;
  if (chunk?.type !== 'chunk') throw new Error('vite returned no script');
  return chunk;
}

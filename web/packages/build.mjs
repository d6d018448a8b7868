/** Writes the npm packages to dist/packages: a folder and a tarball of each, which publint and arethetypeswrong then check. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle, pluginModule } from '../recorder/bundle.mjs';
import { PLUGINS, TAG_FILE, pluginFile } from '../recorder/tag-file.mjs';
import { manifestOf, versionOf } from './manifest.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const web = join(here, '..');
const root = join(web, '..');
const dist = join(root, 'dist', 'packages');
const version = versionOf(readFileSync(join(root, 'pyproject.toml'), 'utf8'));

/** Bytes, gzipped, of what a page loads: at first, and with the first element. They have room for a fix, and none for a library. */
const MAX_BYTES = { 'recorder.mjs': 100_000, 'player.js': 3_000, 'player-view.js': 190_000 };

/** Fills the folder of each package; the name of the type declarations' entry is that of the script. */
const PACKAGES = {
  /** @param {string} out */
  async recorder(out) {
    await bundle({ recorder: join(web, 'recorder/src/index.ts') }, 'es', { outDir: out, sourcemap: true });
    for (const name of PLUGINS) {
      const file = `recorder-${name}.mjs`;
      const { code, map } = await pluginModule(name);
      writeFileSync(join(out, file), `${code}//# sourceMappingURL=${file}.map\n`);
      writeFileSync(join(out, `${file}.map`), JSON.stringify(map));
    }
    for (const file of [TAG_FILE, ...PLUGINS.map(pluginFile)]) copyFileSync(join(web, 'recorder/dist', file), join(out, file));
  },
  /** @param {string} out */
  async player(out) {
    run('npm', ['run', '--silent', 'build', '--workspace', '@rrweb-store/player'], web);
    cpSync(join(web, 'player/dist'), out, { recursive: true });
  },
};

rmSync(dist, { recursive: true, force: true });
for (const [name, fill] of Object.entries(PACKAGES)) {
  const folder = join(dist, name);
  const out = join(folder, 'dist');
  mkdirSync(out, { recursive: true });
  await fill(out);
  run('npx', ['rollup', '--silent', '--config', 'dts.config.mjs', '--environment', `NAME:${name},OUT:${join(out, `${name}.d.ts`)}`], here);
  const own = JSON.parse(readFileSync(join(web, name, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(own, version, process.env), null, 2)}\n`);
  copyFileSync(join(web, name, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  run('npm', ['pack', '--silent', '--pack-destination', dist], folder);
  const tarball = join(dist, `rrweb-store-${name}-${version}.tgz`);
  run('npx', ['publint', '--strict', '--pack', 'false', folder], here);
  run('npx', ['attw', '--profile', 'esm-only', '--format', 'ascii', tarball], here);
  console.log(`${tarball.slice(root.length + 1)}: ${statSync(tarball).size.toLocaleString('en')} bytes`);
  measure(out);
}

/** @param {string} out */
function measure(out) {
  for (const [file, most] of Object.entries(MAX_BYTES)) {
    const text = statSync(join(out, file), { throwIfNoEntry: false }) && readFileSync(join(out, file));
    if (!text) continue;
    const bytes = gzipSync(text).length;
    console.log(`  ${file}: ${bytes.toLocaleString('en')} bytes gzipped (at most ${most.toLocaleString('en')})`);
    if (bytes > most) {
      console.error(`  ${file} exceeds its budget`);
      process.exitCode = 1;
    }
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} words
 * @param {string} cwd
 */
function run(command, words, cwd) {
  execFileSync(command, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

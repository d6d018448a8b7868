/** What a published package says of itself, from what its workspace says. */

/**
 * The version of everything that is released.
 *
 * @param {string} pyproject the text of pyproject.toml, which names it
 */
export function versionOf(pyproject) {
  const [, version] = /^\[project\]\n(?:(?!\[).*\n)*?version = "([^"]+)"$/m.exec(pyproject) ?? [];
  if (!version) throw new Error('pyproject.toml has no version under [project]');
  return version;
}

/**
 * @param {Record<string, any>} own of the workspace, whose entry is named as its folder
 * @param {string} version
 * @param {Record<string, string | undefined>} env GitHub's, in a workflow: npm compares its repository with the one that
 *   provenance attests. https://docs.github.com/en/actions/tutorials/publish-packages/publish-nodejs-packages
 */
export function manifestOf({ name, description, keywords, license }, version, { GITHUB_SERVER_URL, GITHUB_REPOSITORY }) {
  const folder = name.split('/')[1];
  const script = folder === 'recorder' ? 'recorder.mjs' : `${folder}.js`;
  return {
    name,
    version,
    description,
    keywords,
    license,
    type: 'module',
    exports: { '.': { types: `./dist/${folder}.d.ts`, default: `./dist/${script}` }, './package.json': './package.json' },
    types: `./dist/${folder}.d.ts`,
    files: ['dist'],
    // The scripts of a tag start a recording, and the player's module defines its element.
    sideEffects: folder === 'recorder' ? ['./dist/page-copy*.js'] : true,
    ...(GITHUB_REPOSITORY && {
      repository: { type: 'git', url: `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git`, directory: `web/${folder}` },
    }),
    publishConfig: { access: 'public', provenance: true },
  };
}

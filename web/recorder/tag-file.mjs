/** The name of the script that a tag loads: no list of a content blocker has a rule for it. */
export const TAG_FILE = 'page-copy.js';

/**
 * By this first line Chromium 136 and later compiles a script as it comes, on another thread. Else the page's thread
 * compiles each function as it is called first, a tenth of its time in a first visit. https://v8.dev/blog/explicit-compile-hints
 */
export const COMPILED_AS_IT_COMES = '//# allFunctionsCalledOnLoad\n';

/** The names of what is loaded on demand. */
export const PLUGINS = /** @type {const} */ (['console', 'network', 'vitals']);

/**
 * The name of a plugin's file, which lies beside the tag's script.
 *
 * @param {string} plugin
 */
export const pluginFile = (plugin) => `page-copy-${plugin}.js`;

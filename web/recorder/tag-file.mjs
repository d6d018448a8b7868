/** The name of the script that a tag loads: no list of a content blocker has a rule for it. */
export const TAG_FILE = 'page-copy.js';

/** The names of what is loaded on demand. */
export const PLUGINS = /** @type {const} */ (['console', 'network', 'vitals']);

/**
 * The name of a plugin's file, which lies beside the tag's script.
 *
 * @param {string} plugin
 */
export const pluginFile = (plugin) => `page-copy-${plugin}.js`;

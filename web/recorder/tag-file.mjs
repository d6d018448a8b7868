/** The name of the script that a tag loads: no list of a content blocker has a rule for it. */
export const TAG_FILE = 'page-copy.js';

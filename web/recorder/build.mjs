/** Builds dist/: recorder.mjs, page-copy.js for a script tag, and the bookmarklet's two sides. Fails if our own code exceeds its budget. */
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { DIST, TAG, bundle, pluginBundle } from './bundle.mjs';
import { PLUGINS, pluginFile } from './tag-file.mjs';

/**
 * Our own code, without rrweb: what each visitor of a recorded page pays for. 400 bytes of it buy named states for
 * recording, delivery and pipeline, in place of flags that could contradict each other. 3,800 buy levels of privacy:
 * rrweb masks neither attributes, addresses and style sheets nor what lies in frames and shadow trees that come later.
 * 2,400 more hide a page's secrets wherever else they stand: moved, mirrored, in slots, queries, drawings and style sheets.
 * 1,600 are for sites: their requests, the tag that starts by itself, visitors, facts, and what is said of wrong options.
 * 250 make a batch a fifth smaller, and let no page wait for the browser's process. 500 tell what a phone's screen shows
 * of the page, and 300 let browsers of six years ago read the script. 1,900 let it run on the browser's own functions,
 * whatever the page has changed, and keep the page's hooks. 900 are for a document that replaces another, and for values
 * that no request takes. 450 let any listener finish what another has begun as the page is left. 1,400 count what goes
 * wrong in a visit, and take what the page tells of it. 350 tell elements apart from HTML,
 * and 650 what each canvas shows. 4,600 tell what scripts change of styles and fields, and how the visitor's browser
 * answers media queries. 1,900 tell animations and the top layer. 3,300 store the files of the page. 400 let texts that
 * move with their parents arrive, and exceptions of style sheets reach the page. 1,250 tell errors, rage and dead clicks and
 * slow requests, load plugins, and keep what the console and the network say until those are there. 150 mark how a page and
 * a recording end. 1,900 keep the last minute in the tab until something happens. 900 tell which states an element has, what
 * a script has assigned to slots, and the time of a drawing. 150 put imported style sheets in their places. 400 write
 * the values of style rules that a browser does not tell, and imported rules in their media and layers. 150 let Firefox
 * hand a batch over to the next page, and Chromium send one before its page goes. 350 follow nodes that
 * move from one tree into another, and tell closed shadow trees and other states that no attribute shows.
 * 100 know which addresses are recorded: of what other elements load only the host is told. 100 let Firefox hand a batch
 * over to a page that is reloaded by keys. 100 find the browser's accessors of nodes, so that rrweb's part is 3,000
 * smaller and faster. 100 tell the size of pictures, and 400 registered properties and what is highlighted. 400 hide
 * what is typed or named a credential in style sheets, addresses, JSON and drawings too. 25 encode a text in pieces, and
 * 20 let Chromium compile the script on another thread. 150 tell which fields are valid, where elements stand that are
 * moved, which handlers and frames there are, and how large the screen is. 100 let a page have classes of its own with
 * names of the browser's. 450 know all that fields hold, look for it in comments, drawings and what is encoded
 * otherwise, and keep closed what has moved. 250 let a page that has broken, hidden or frozen anything of that get no
 * exception of ours, and tell which masked fields are beyond their limits. 830 more find what fields hold in other
 * letters, groups and codes, in names and pasted texts, and before the first event, and keep closed what is copied. 25 let
 * frames go at the end, and leave out values of fields outside the page. 140 mask what a frame tells the page around it, and
 * 160 let go what the page has removed, or has shown long ago.
 */
const MAX_OWN_GZIPPED_BYTES = 41_860;

/** Of each file that is loaded on demand, minified and gzipped. `vitals` is nearly all of the library `web-vitals`. */
const MAX_PLUGIN_BYTES = { console: 2_210, network: 2_450, vitals: 3_000 };

const root = fileURLToPath(new URL('.', import.meta.url));

rmSync(DIST, { recursive: true, force: true });
const tag = { [TAG]: `${root}src/tag.ts` };
// Measured as a script for a tag: in a module Vite leaves spaces and comments, for a bundler to remove.
const own = await bundle(tag, 'iife', { withRrweb: false });
const whole = await bundle(tag, 'iife');
await bundle({ recorder: `${root}src/index.ts` }, 'es');
await bundle({ bookmarklet: `${root}src/in-page.ts` }, 'iife', { name: 'rrwebBookmarklet' });
await bundle({ relay: `${root}src/relay.ts` }, 'iife', { name: 'rrwebRelay' });
for (const name of PLUGINS) {
  const create = await pluginBundle(name);
  const script = `document.currentScript.create=${create};`;
  writeFileSync(`${DIST}/${pluginFile(name)}`, script);
  writeFileSync(`${DIST}/recorder-${name}.mjs`, `export const create=${create};`);
  const bytes = gzipSync(script).length;
  console.log(`recorder: ${bytes} bytes gzipped of ${name} (at most ${MAX_PLUGIN_BYTES[name]})`);
  if (bytes > MAX_PLUGIN_BYTES[name]) exceeds(name);
}

const ownBytes = gzipSync(own).length;
console.log(`recorder: ${gzipSync(whole).length} bytes gzipped, ${ownBytes} of them ours (at most ${MAX_OWN_GZIPPED_BYTES})`);
if (ownBytes > MAX_OWN_GZIPPED_BYTES) exceeds('our own code');

/** @param {string} what */
function exceeds(what) {
  console.error(`recorder: ${what} exceeds its budget`);
  process.exitCode = 1;
}

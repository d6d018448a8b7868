/** What `inPageBundle` puts into a page, for the functions that run there by `page.evaluate`. */
declare const recorder: typeof import('./recorder-in-page.mjs');
declare const player: typeof import('./player-in-page.mjs');
declare const board: typeof import('./board-in-page.mjs');

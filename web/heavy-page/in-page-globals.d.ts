/** What `inPageBundle` puts into the page, for the function that runs there by `page.evaluate`. */
declare const heavyRecorder: typeof import('./recorder-in-page.mjs');

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where pictures of the site are kept, for whoever wants to look at them: CI does keep them. */
export const PICTURES = process.env['SITE_PICTURES'] ?? fileURLToPath(new URL('../pictures', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

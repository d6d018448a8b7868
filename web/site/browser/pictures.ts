import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder for pictures of the site. CI keeps them. */
export const PICTURES = process.env['SITE_PICTURES'] ?? fileURLToPath(new URL('../pictures', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

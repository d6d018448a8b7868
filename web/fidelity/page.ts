/** What a page of this folder says of itself: pages/<name>/visit.ts, beside the page's own index.html and page.js. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Visitor } from './visitor';

export const PAGES = fileURLToPath(new URL('pages/', import.meta.url));

export interface PageVisit {
  /** For the table: libraries, and parts of the platform. */
  readonly uses: string;
  /** There once the page is ready to be used. @default 'body' */
  readonly ready?: string;
  /** What the visitor does, by the name of the moment that it leads to. The first moment is after the load, without a step. */
  readonly steps: Readonly<Record<string, (visitor: Visitor) => Promise<unknown>>>;
  /** The visitor's browser. @default light, without a wish for less motion */
  readonly dark?: true;
  /** Options of the recorder besides address and level, as JSON. */
  readonly recorder?: Readonly<Record<string, boolean | string>>;
  /** Files of packages that the page asks for by address: the path, and the file's or the folder's name in node_modules. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Files that are made when the page asks for them: what a path starts with, and the text of the file. */
  readonly generated?: Readonly<Record<string, (path: string) => string>>;
  /** Why this page is not replayed within the limits. A page with a reason that is within them fails, too. */
  readonly lacks?: string;
}

/** The names of all pages. */
export function pageNames(): string[] {
  return readdirSync(PAGES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

export async function visitOf(name: string): Promise<PageVisit> {
  const { visit } = (await import(`./pages/${name}/visit.ts`)) as { visit: PageVisit };
  return visit;
}

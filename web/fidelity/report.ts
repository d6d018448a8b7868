/** Writes docs/fidelity.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { type Compared, MAX_PIXELS_APART, isWithinLimits } from './compare';

const DOCUMENT = new URL('../../docs/fidelity.md', import.meta.url);
const MANIFEST = new URL('package.json', import.meta.url);
const WEB = new URL('../package.json', import.meta.url);

/** A row of the table, which starts with a link to the page. */
const ROW = /^\| \[([\w-]+)\].*$/gm;
const WITHIN = '| yes |';

/** A row of the table. */
export function rowOf(result: Compared): string {
  const { name, uses, moments, nodes, pixelsApart, textsApart, boxesApart, elementsApart, lacks } = result;
  const boxes = `${round(boxesApart)} px${elementsApart > 0 ? `, ${elementsApart} elements` : ''}`;
  const cells = [
    `[${name}](../web/fidelity/pages/${name}/index.html)`,
    uses,
    `${moments}`,
    nodes.toLocaleString('en'),
    percent(pixelsApart),
    textsApart === 0 ? 'equal' : `${textsApart} differ`,
    boxes,
    isWithinLimits(result) ? 'yes' : '**no**',
    lacks ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Writes the document anew; of pages that were not compared now, with the rows that it has, if they are still there. */
export async function writeReport(results: readonly Compared[], pages: readonly string[], browser: string): Promise<void> {
  const before = await readFile(DOCUMENT, 'utf8').catch(() => '');
  const rows = new Map([...before.matchAll(ROW)].map(([row, name]) => [name!, row]));
  for (const result of results) rows.set(result.name, rowOf(result));
  const table = pages.flatMap((name) => rows.get(name) ?? []);
  const within = table.filter((row) => row.includes(WITHIN)).length;
  const { dependencies } = JSON.parse(await readFile(MANIFEST, 'utf8')) as { dependencies: Record<string, string> };
  const { overrides } = JSON.parse(await readFile(WEB, 'utf8')) as { overrides: Record<string, string> };
  const libraries = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  const text = `# Fidelity

How alike a page and its replay are. \`make fidelity\` writes this page, last on ${new Date().toISOString().slice(0, 10)} with ${browser} and rrweb ${overrides['rrweb']}: **${within} of ${table.length} pages are within the limits.** \`make fidelity PAGE=columns\` compares one page and renews its row. Both print where a page and its replay differ, and leave the pictures in \`web/fidelity/pictures\`.

Each page is our own, lies in [web/fidelity/pages](../web/fidelity/pages), and takes its libraries from their npm packages. A server on this machine serves it, and it records itself by the product's recorder at the level \`inputs\`, except that fields are not masked, since a mask is not a fault. A visitor uses it by mouse and keyboard. After the load and after each action, once fonts, pictures in sight and finite animations are at rest, a picture is taken, and the texts and boxes of every element are read, in shadow trees and frames too. Then the server ends. The built replay site plays what was stored, in a window of the same size, and each moment is reached twice: by a jump, and by playing from the start. The mouse stays where the visitor left it.

A page is within the limits if, at its worst moment,

- at most ${percent(MAX_PIXELS_APART)} of the pixels differ, by pixelmatch with a threshold of 0.1, which does not count pixels that only smooth an edge;
- all texts and values of fields are equal, and in the same order;
- no box is more than 1 pixel elsewhere, and no element is missing or there besides;
- neither the page nor its recorder has an error, and the replay asks for nothing but the site and its API.

| page | uses | moments | elements | pixels that differ | texts | boxes | within the limits | why not |
|---|---|---|---|---|---|---|---|---|
${table.join('\n')}

A page that is over the limits says why in its \`visit.ts\`, and the command fails if a page is over them without a reason, or within them with one. \`make test\` compares some pages that need no library, and fails when one of them is over the limits. [ADR 45](adr/0045-fidelity-is-measured-on-pages-of-our-own.md) has the reasons.

Libraries: ${libraries.join(', ')}.
`;
  await writeFile(DOCUMENT, text);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function round(px: number): string {
  return px < 0.05 ? '0' : px.toFixed(1);
}

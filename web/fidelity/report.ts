/** Writes docs/fidelity.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { type Compared, MAX_PIXELS_APART, isWithinLimits } from './compare';

const DOCUMENT = new URL('../../docs/fidelity.md', import.meta.url);
const MANIFEST = new URL('package.json', import.meta.url);
const WEB = new URL('../package.json', import.meta.url);

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

export async function writeReport(results: readonly Compared[], browser: string): Promise<void> {
  const sorted = [...results].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { dependencies } = JSON.parse(await readFile(MANIFEST, 'utf8')) as { dependencies: Record<string, string> };
  const { overrides } = JSON.parse(await readFile(WEB, 'utf8')) as { overrides: Record<string, string> };
  const libraries = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  const within = sorted.filter(isWithinLimits).length;
  const text = `# Fidelity

How alike a page and its replay are. \`make fidelity\` wrote this page on ${new Date().toISOString().slice(0, 10)}, by ${browser} and rrweb ${overrides['rrweb']}: **${within} of ${sorted.length} pages are within the limits.** \`make fidelity PAGE=columns\` compares a single page and prints where it differs; both leave the pictures in \`web/fidelity/pictures\`.

Each page is our own, lies in [web/fidelity/pages](../web/fidelity/pages), and takes its libraries from their npm packages. A server on this machine serves it, and it records itself by the recorder's tag at the level \`inputs\`, except that fields are not masked, since a mask is not a fault. A visitor uses it by mouse and keyboard. After the load and after each action, once fonts, pictures in sight and finite animations are at rest, a picture is taken, and the texts and boxes of every element are read, in shadow trees and frames too. Then the server ends. The built replay site plays what was stored, in a window of the same size, and each moment is reached twice: by a jump, and by playing from the start. The mouse stays where the visitor left it.

A page is within the limits if, at its worst moment,

- at most ${percent(MAX_PIXELS_APART)} of the pixels differ, by pixelmatch with a threshold of 0.1, which does not count pixels that only smooth an edge;
- all texts and values of fields are equal, and in the same order;
- no box is more than 1 pixel elsewhere, and no element is missing or there besides;
- neither the page nor its recorder has an error, and the replay asks for nothing but the site and its API.

| page | uses | moments | elements | pixels that differ | texts | boxes | within the limits | why not |
|---|---|---|---|---|---|---|---|---|
${sorted.map(rowOf).join('\n')}

A page that is over the limits says why in its \`visit.ts\`, and the command fails if a page is over them without a reason, or within them with one. \`make test\` compares the pages that need no library, and fails in the same way.

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

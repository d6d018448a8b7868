import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'SVG sprites in the page and in a file, masks, patterns, filters, text on a path',
  steps: {
    added: ({ click }) => click('#add'),
    lit: ({ click }) => click('#on'),
    hovered: ({ hover }) => hover('#chart'),
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'SVG sprites in the page and in a file, masks, patterns, filters, text on a path',
  lacks: 'Text on a path is rebuilt as an unknown element, and sprites in a file are not stored.',
  steps: {
    added: ({ click }) => click('#add'),
    lit: ({ click }) => click('#on'),
    hovered: ({ hover }) => hover('#chart'),
  },
};

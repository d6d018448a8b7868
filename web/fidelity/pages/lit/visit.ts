import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Lit: nested elements, adopted sheets, SVG templates, lists that are reordered',
  ready: 'tide-row',
  steps: {
    chosen: ({ click }) => click('tide-row >> nth=1'),
    turned: ({ click }) => click('#turn'),
    added: async ({ click }) => {
      await click('#add');
      await click('#turn');
    },
  },
};

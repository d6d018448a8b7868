import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'dark mode of the visitor’s browser: media queries, `light-dark`, `<source media>`; watched in a light browser',
  dark: true,
  steps: {
    light: ({ click }) => click('#light'),
    'dark again': ({ click }) => click('#light'),
    typed: async ({ click, type }) => {
      await click('textarea');
      await type('All is well. ');
    },
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'cascade layers, nesting, `@scope`, `@property`, `:has`, `color-mix`',
  steps: {
    chosen: async ({ click }) => {
      await click('.card:nth-child(2) h2');
      await click('.card:nth-child(3) input');
    },
    'sea colours': ({ click }) => click('#sea'),
    more: async ({ click }) => {
      await click('#more');
      await click('.card:nth-child(6) h2');
    },
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'print-like columns, initials, counters, sticky footer',
  steps: {
    marked: ({ click }) => click('#mark'),
    'two columns': async ({ click, sees }) => {
      await click('#narrow');
      await sees('.two');
    },
    opened: ({ click }) => click('summary >> nth=1'),
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'view transitions, `@starting-style`',
  steps: {
    'one picture': async ({ click, sees }) => {
      await click('figure:nth-child(6)');
      await sees('[data-state=still] .one');
    },
    'all again': async ({ click, sees }) => {
      await click('figure');
      await sees('[data-state=still] figure:nth-child(8)');
    },
    'another picture': async ({ click, sees }) => {
      await click('figure:nth-child(2)');
      await sees('[data-state=still] .one');
    },
  },
};

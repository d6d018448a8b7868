import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: '`<video>` with a poster, its film made in the browser',
  lacks: 'The poster is shown, and no film is stored.',
  steps: {
    'film loaded': async ({ click, sees }) => {
      await click('#load');
      await sees('text=Loaded');
    },
    played: async ({ click, sees }) => {
      await click('#play');
      await sees('text=Ended');
    },
  },
};

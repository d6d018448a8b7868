import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Material Web: Lit, shadow DOM, form-associated elements',
  ready: 'md-filled-button:defined',
  steps: {
    typed: async ({ click, type }) => {
      await click('#ship');
      await type('Aurora');
    },
    switched: async ({ click }) => {
      await click('#fog');
      await click('#lamp');
      await click('#late');
      await click('#second');
    },
    asked: async ({ click, sees }) => {
      await click('#write');
      await sees('#yes');
    },
    written: async ({ page, click, moveTo }) => {
      await click('#yes');
      await page.locator('#yes').waitFor({ state: 'hidden' });
      await moveTo(900, 680);
    },
  },
};

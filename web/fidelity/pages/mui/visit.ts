import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Material UI on React, with Emotion’s rules inserted by script',
  ready: '#pay',
  steps: {
    unfolded: async ({ click, sees }) => {
      await click('#why');
      await sees('text=dredging');
    },
    reckoning: async ({ click, type, sees }) => {
      await click('#reckoning');
      await sees('#ship');
      await click('#ship');
      await type('Tern');
      await click('.MuiSlider-root', { x: 400, y: 14 });
    },
    dialog: async ({ click, sees }) => {
      await click('#pay');
      await sees('#yes');
    },
    'paid, and dark': async ({ click, sees, page }) => {
      await click('#yes');
      await sees('text=Paid');
      await page.locator('.MuiDialog-root').waitFor({ state: 'detached' });
      await click('#dark');
    },
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'a virtual list of 10,000 rows',
  steps: {
    scrolled: async ({ page, hover, wheel, click }) => {
      await hover('#list');
      for (let turn = 0; turn < 8; turn++) {
        await wheel(0, 700);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      await click('.row >> nth=8');
    },
    'at the end': async ({ click, sees }) => {
      await click('#end');
      await sees('text=berth 39');
    },
    filtered: async ({ click, type, sees }) => {
      await click('#filter');
      await type('Gannet 9');
      await sees('text=Gannet 95');
    },
  },
};

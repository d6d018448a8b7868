import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'SortableJS, dragging by pointer events, HTML’s drag and drop',
  ready: '#Wool',
  steps: {
    'card moved': async ({ drag, sees }) => {
      await drag('#Salt', '#Coal');
      await sees('#Crane #Salt');
    },
    held: async ({ page, hover }) => {
      await hover('#Rope');
      await page.mouse.down();
      await hover('#Grain');
    },
    dropped: async ({ page, sees }) => {
      await page.mouse.up();
      await sees('#Ship #Rope');
    },
    'crate and mail': async ({ drag, sees }) => {
      await drag('#crate', '#hold', { x: 300, y: 60 });
      await drag('#mail', '#hold', { x: 60, y: 60 });
      await sees('#hold #mail');
    },
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'D3: SVG with axes, gradients, clipping, transitions, zoom',
  ready: '#said:has-text("drawn")',
  steps: {
    'next year': async ({ click, sees }) => {
      await click('#next');
      await sees('#said:has-text("drawn")');
    },
    zoomed: async ({ click, sees }) => {
      await click('#zoom');
      await sees('#said:has-text("zoomed")');
    },
    dragged: async ({ page, moveTo }) => {
      await moveTo(500, 300);
      await page.mouse.down();
      await moveTo(620, 340);
      await page.mouse.up();
    },
  },
};

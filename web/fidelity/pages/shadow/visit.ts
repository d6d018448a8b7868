import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'shadow DOM: declarative, slots, parts, adopted sheets, elements defined late',
  steps: {
    lit: async ({ page, click }) => {
      await click(page.locator('x-buoy >> nth=1').locator('button'));
    },
    added: ({ click }) => click('#add'),
    defined: ({ click }) => click('#define'),
    repainted: ({ click }) => click('#repaint'),
  },
};

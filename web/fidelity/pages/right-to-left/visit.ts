import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'right-to-left, logical properties, bidirectional text, scrolling from the right',
  steps: {
    added: ({ click }) => click('#add'),
    scrolled: async ({ hover, wheel, until }) => {
      await hover('aside');
      await wheel(-120, 0);
      await until("document.querySelector('aside').scrollLeft < -100");
    },
    turned: ({ click }) => click('#turn'),
  },
};

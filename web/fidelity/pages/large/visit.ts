import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'a page of 20,000 elements, marked, sorted and scrolled',
  steps: {
    late: ({ click }) => click('#late'),
    sorted: ({ click }) => click('#sort'),
    scrolled: async ({ moveTo, wheel, until }) => {
      await moveTo(500, 400);
      await wheel(0, 4000);
      await until('scrollY >= 4000');
    },
  },
};

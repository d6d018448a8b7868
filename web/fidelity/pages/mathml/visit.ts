import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'MathML, in the page and added later',
  steps: {
    added: ({ click }) => click('#add'),
    larger: ({ click }) => click('#large'),
  },
};

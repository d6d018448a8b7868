import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'MathML, in the page and added later',
  lacks: 'MathML is rebuilt as HTML.',
  steps: {
    added: ({ click }) => click('#add'),
    larger: ({ click }) => click('#large'),
  },
};

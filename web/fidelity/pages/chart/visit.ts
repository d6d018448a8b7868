import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Chart.js: canvas, with the option `recordCanvas`',
  recorder: { recordCanvas: true },
  ready: '[data-drawn]',
  steps: {
    'next year': ({ click }) => click('#more'),
    tooltip: ({ hover }) => hover('#bars'),
  },
};

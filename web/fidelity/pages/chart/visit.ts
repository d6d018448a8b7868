import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Chart.js: canvas, with the option `recordCanvas`',
  recorder: { recordCanvas: true },
  ready: '[data-drawn]',
  lacks: 'Drawings on a canvas are not shown, but its picture at the snapshot.',
  steps: {
    'next year': ({ click }) => click('#more'),
    tooltip: ({ hover }) => hover('#bars'),
  },
};

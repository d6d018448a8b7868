import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'container queries of size and style, container units, subgrid',
  steps: {
    wider: ({ click }) => click('#wider'),
    full: ({ click }) => click('#full'),
    widest: ({ click }) => click('#wider'),
    'another window': ({ page }) => page.setViewportSize({ width: 1000, height: 700 }),
  },
};

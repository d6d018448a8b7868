import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'MathJax: formulas in HTML with its own fonts',
  packages: { '/mathjax-fonts/': '@mathjax', '/mathjax/': 'mathjax' },
  ready: '[data-set=yes]',
  steps: {
    added: async ({ click, sees }) => {
      await click('#add');
      await sees('#more[data-set=yes]');
    },
    scrolled: ({ wheel }) => wheel(0, 200),
  },
};

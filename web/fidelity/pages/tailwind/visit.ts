import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Tailwind, compiled in the browser',
  packages: { '/tailwind/': '@tailwindcss/browser' },
  ready: 'li.group',
  steps: {
    added: async ({ click, until }) => {
      await click('#add');
      await until("getComputedStyle(document.querySelector('#bar')).backgroundColor !== 'rgba(0, 0, 0, 0)'");
    },
    hovered: ({ hover }) => hover('li:nth-child(2)'),
    dark: ({ click }) => click('#dark'),
    noted: async ({ click, type }) => {
      await click('input');
      await type('Oil is low');
    },
  },
};

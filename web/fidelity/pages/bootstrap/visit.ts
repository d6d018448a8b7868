import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Bootstrap: dropdown, accordion, modal, tooltip, offcanvas, dark theme',
  steps: {
    dropdown: async ({ click, hover }) => {
      await click('#drop');
      await hover('#south');
    },
    'accordion and fields': async ({ click, type, sees }) => {
      await click('#south');
      await click('#fold');
      await sees('#one.show');
      await click('#switch');
      await click('#ship');
      await type('Aurora');
    },
    tooltip: async ({ hover, sees }) => {
      await hover('#tip');
      await sees('.tooltip.show');
    },
    modal: async ({ click, sees }) => {
      await click('#book');
      await sees('#modal.show .modal-body');
    },
    dark: async ({ page, click, sees }) => {
      await click('#done');
      await page.locator('.modal-backdrop').waitFor({ state: 'detached' });
      await click('#theme');
      await click('#open-side');
      await sees('#side.show:not(.showing)');
    },
  },
};

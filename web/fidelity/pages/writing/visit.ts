import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'CJK, ruby, vertical writing, emoji, combining characters',
  steps: {
    added: async ({ click }) => {
      await click('#add');
      await click('#add');
    },
    typed: async ({ page, click }) => {
      await click('input');
      await page.keyboard.insertText('北の港 👩‍🚀');
    },
    edited: async ({ key }) => {
      await key('Backspace');
      await key('Home');
    },
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'every kind of field, `:user-invalid`, `:focus-visible`, `contenteditable`',
  steps: {
    typed: async ({ click, type, key }) => {
      await click('#name');
      await type('Aurora "IV"');
      await key('Tab');
      await type('not an address');
      await key('Tab');
      await type('open sesame');
      await key('Tab');
      await key('ArrowUp');
    },
    chosen: async ({ page, click, key }) => {
      await click('#cold');
      await click('#rail');
      await page.locator('#quay').selectOption('Island');
      await page.locator('select[multiple]').selectOption(['Tea', 'Wool']);
      await click('#depth', { x: 100, y: 8 });
      await key('ArrowRight');
    },
    written: async ({ click, type, key }) => {
      await click('[contenteditable]');
      await key('End');
      await type(', and a line');
      await key('Enter');
      await type('below');
      await click('#notes');
      await key('End');
      await type(' Or little.');
    },
    sent: ({ click }) => click('button'),
  },
};

import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: '`<dialog>` modal and not, popovers, exclusive `<details>`',
  steps: {
    menu: ({ click }) => click('#open-menu'),
    asking: async ({ click, type, key }) => {
      await key('Escape');
      await click('#hinted');
      await click('#ask');
      await type('Is berth 3 free?');
    },
    'a dialog over a dialog': ({ click }) => click('#sure'),
    answered: async ({ click }) => {
      await click('#yes');
      await click('button[value=sent]');
      await click('summary >> nth=1');
    },
    'side note': ({ click }) => click('#side'),
  },
};

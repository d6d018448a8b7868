import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Ant Design on React: table, tree, select, drawer, modal, dark algorithm',
  ready: '#ask',
  steps: {
    'sorted and chosen': async ({ click }) => {
      await click('th:has-text("Age")');
      await click('tbody tr:nth-child(3) .ant-checkbox-input');
      await click('.ant-tree-switcher');
      await click('.ant-tree-checkbox');
    },
    'a select opened': async ({ click, type, sees }) => {
      await click('#note');
      await type('two sails');
      await click('.ant-select');
      await sees('.ant-select-item-option');
    },
    modal: async ({ click, sees }) => {
      await click('.ant-select-item-option >> nth=1');
      await click('#ask');
      await sees('text=The tide is right.');
    },
    'dark drawer': async ({ page, click, sees }) => {
      await click('.ant-modal .ant-btn-primary');
      await page.locator('.ant-modal-wrap').waitFor({ state: 'hidden' });
      await click('#dark');
      await click('#more');
      await sees('text=Nobody else is aboard.');
    },
  },
};

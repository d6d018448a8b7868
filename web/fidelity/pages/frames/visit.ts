import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'nested frames by `src` and `srcdoc`, added and changed later',
  steps: {
    used: async ({ page, click, type, key, moveTo }) => {
      await click(page.frameLocator('#first').locator('#log'));
      await click(page.frameLocator('#text').locator('button'));
      await click(page.frameLocator('#first').frameLocator('iframe').locator('input'));
      await key('End');
      await type(' now');
      await moveTo(900, 600); // rrweb does not see the mouse in a frame of a frame
    },
    added: async ({ page, click, sees }) => {
      await click('#add');
      await sees(page.frameLocator('iframe >> nth=2').frameLocator('iframe').locator('b'));
    },
    swapped: async ({ page, click, sees }) => {
      await click('#swap');
      await sees(page.frameLocator('#first').locator('.night'));
    },
  },
};

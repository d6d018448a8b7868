import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'web fonts: variable, italic, Japanese and Arabic, loaded by a sheet and by a script',
  recorder: { collectFonts: true },
  steps: {
    'other scripts': async ({ click, until }) => {
      await click('#more');
      await until("document.fonts.check('28px \"Noto Sans JP\"', '島') && document.fonts.status === 'loaded'");
    },
    'by a script': async ({ click, sees }) => {
      await click('#load');
      await sees('#made');
    },
  },
};

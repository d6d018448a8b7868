import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'CodeMirror: a virtual editor with highlighting, folding, completion, search',
  ready: '.cm-line',
  steps: {
    typed: async ({ click, type, key }) => {
      await click('.cm-line >> nth=2');
      await key('End');
      await key('Enter');
      await type('const knots = bear');
    },
    selected: async ({ key, moveTo }) => {
      await key('Escape');
      await key('Shift+ArrowUp');
      await key('Shift+ArrowUp');
      await moveTo(900, 600);
    },
    scrolled: async ({ hover, wheel, until }) => {
      await hover('.cm-scroller');
      await wheel(0, 3000);
      await until("document.querySelector('.cm-scroller').scrollTop >= 3000");
    },
    searching: async ({ click, key, type, sees }) => {
      await click('.cm-scroller');
      await key('Control+f');
      await sees('.cm-search');
      await type('buoy 1');
    },
  },
};

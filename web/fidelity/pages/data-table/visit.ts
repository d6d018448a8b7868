import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Tabulator: a data table that is sorted, filtered, edited and scrolled',
  ready: '[data-built] .tabulator-row',
  steps: {
    sorted: ({ click }) => click('.tabulator-col-title:has-text("Tons")'),
    filtered: async ({ click, type, until }) => {
      await click('.tabulator-header-filter input');
      await type('Wo');
      await until("[...document.querySelectorAll('.tabulator-tableholder [tabulator-field=good]')].every((cell) => cell.textContent === 'Wool')");
    },
    edited: async ({ click, type, key }) => {
      await click('.tabulator-row:nth-child(3) [tabulator-field=good]');
      await type(', washed');
      await key('Enter');
    },
    scrolled: async ({ hover, wheel, until }) => {
      await hover('.tabulator-tableholder');
      await wheel(0, 1500);
      await until("document.querySelector('.tabulator-tableholder').scrollTop >= 1500");
    },
  },
};

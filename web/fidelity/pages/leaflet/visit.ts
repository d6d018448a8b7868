import type { PageVisit } from '../../page';

export const visit: PageVisit = {
  uses: 'Leaflet: tiles, markers, popups, zoom and drag',
  generated: { '/tiles/': tile },
  ready: '[data-tiles=loaded]',
  steps: {
    popup: async ({ click, sees }) => {
      await click('.leaflet-marker-icon');
      await sees('.leaflet-popup-content');
    },
    zoomed: async ({ page, click, sees }) => {
      await click('.leaflet-control-zoom-in');
      await page.locator('.leaflet-zoom-anim').waitFor({ state: 'detached' });
      await sees('[data-tiles=loaded]');
    },
    dragged: async ({ page, moveTo, until, sees }) => {
      await moveTo(500, 400);
      await page.mouse.down();
      await moveTo(300, 250);
      const atMs = Date.now();
      await until(`Date.now() > ${atMs + 200}`); // a hand that stops, so that the map does not fly on
      await page.mouse.up();
      await sees('[data-tiles=loaded]');
    },
  },
};

/** A tile of water, with its own address on it. */
function tile(path: string): string {
  const [, z = '', x = '', y = ''] = /(\d+)-(\d+)-(\d+)/.exec(path) ?? [];
  const hue = 190 + ((Number(x) * 7 + Number(y) * 13) % 30);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="hsl(${hue} 60% 80%)" stroke="#fff"/><path d="M0 ${Number(x) % 200}q64 40 128 0t128 0" fill="none" stroke="#0369a1"/><text x="12" y="28" font-family="sans-serif" font-size="16">${z}/${x}/${y}</text></svg>`;
}

/** The actions of a visitor while the page is recorded: about 15 seconds of typing, clicking and scrolling. */

const MS_BETWEEN_KEYS = 45;
/** rrweb emits mouse positions every 500 ms; without this pause the last ones are lost. */
const MS_STANDING_STILL = 800;

/** Typed into fields and never shown on the page: none of it may be in the recording. */
export const SECRETS = {
  agent: 'greta.holm@nordic-agents.example',
  code: 'correct-horse-7',
  remarks: 'Two crates for Customs; keep "cold" & dry.',
};

/** Typed, then shown in the page's list. Their characters are hard to transport and to escape, on purpose. */
export const SHIPS = ['Ölandssund "IV" $1 #2', String.raw`C:\Gull </script> 🚢 'n' Sons`];

/**
 * Visit the page that is open in `page`; resolves when the visitor is done.
 *
 * @param {import('playwright-core').Page} page
 */
export async function visit(page) {
  const { click, moveTo } = pointer(page);
  const pause = (/** @type {number} */ ms) => page.waitForTimeout(ms);
  const row = (/** @type {string} */ ship) => page.locator('#arrivals > li', { hasText: ship });
  const field = (/** @type {string} */ name) => page.locator(`[name=${name}]`);
  /** @type {(name: string, text: string) => Promise<void>} */
  const type = async (name, text) => {
    await click(field(name));
    await page.keyboard.type(text, { delay: MS_BETWEEN_KEYS });
  };
  const [firstShip = '', secondShip = ''] = SHIPS;

  await pause(300);
  await type('ship', firstShip);
  await type('agent', SECRETS.agent);
  await type('code', SECRETS.code);
  await field('berth').selectOption('buoy');
  await click(field('pilot'));
  await click(page.locator('button[type=submit]'));

  await click(row('Tern').getByText('Up'));
  await click(row('Tern').getByText('Up'));
  await click(row('Kittiwake').getByText('Moor'));
  await click(row('Old Faithful').getByText('Depart'));
  await click(row('Ölandssund').getByText('Moor'));
  await click(page.locator('#mark'));

  await page.setViewportSize({ width: 1080, height: 700 });
  await click(page.locator('#watch'));
  await type('ship', secondShip);
  await click(page.locator('button[type=submit]'));
  await click(row('Aurora').getByText('Depart'));
  await click(field('customs'));

  await moveTo(page.locator('#logbook'));
  await scroll(page, 8, 40);
  await page.locator('#logbook p').nth(8).dblclick(); // selects a word
  await moveTo(page.locator('figcaption'));
  await scroll(page, 5, 30);

  await type('remarks', SECRETS.remarks);
  await type('code', SECRETS.code);
  await moveTo(page.locator('figure img'));
  await scroll(page, 3, 25);
  await pause(MS_STANDING_STILL);
}

/**
 * A mouse that moves in steps, as a hand does, instead of jumping.
 *
 * @param {import('playwright-core').Page} page
 */
function pointer(page) {
  /** @param {import('playwright-core').Locator} target */
  async function moveTo(target) {
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    if (!box) throw new Error(`the visitor cannot see ${target}`);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 12 });
  }

  /** @param {import('playwright-core').Locator} target */
  async function click(target) {
    await moveTo(target);
    await target.click();
  }

  return { moveTo, click };
}

/**
 * Turn the wheel over the element under the mouse.
 *
 * @param {import('playwright-core').Page} page
 * @param {number} turns
 * @param {number} px CSS pixels a turn
 */
async function scroll(page, turns, px) {
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, px);
    await page.waitForTimeout(60);
  }
}

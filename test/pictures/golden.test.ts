import { mkdir, readFile, writeFile } from 'node:fs/promises';
import pixelmatch from 'pixelmatch';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, hasBrowser, launch, openPage, writePage } from '../support/open-page.ts';
import { recordedPage } from '../support/report-pages.ts';

const FOLDER = new URL('../support/data/golden/', import.meta.url);
/**
 * The font that the pictures were taken with (Debian: fonts-dejavu-core). Without it, every line breaks differently.
 */
const FONT = 'DejaVu Sans';
/** Share of pixels that may differ, because rasterizers change between browser versions. */
const TOLERANCE = 0.02;

/**
 * Golden pictures are retaken with `BAKEOFF_EVERY_TEST=1 BAKEOFF_GOLDEN=write npx vitest run test/pictures/golden`;
 * look at them before keeping them.
 */
const isWriting = process.env['BAKEOFF_GOLDEN'] === 'write';

const hasFont = (page: Page): Promise<boolean> =>
  page.evaluate((font) => {
    const context = document.createElement('canvas').getContext('2d')!;
    const width = (family: string): number => (
      (context.font = `40px ${family}`),
      context.measureText('Which differences are real, 0123').width
    );
    return (
      width(`"${font}", monospace`) !== width('monospace') &&
      width(`"${font}", serif`) === width(`"${font}", monospace`)
    );
  }, FONT);

interface Shot {
  readonly name: string;
  readonly size: readonly [width: number, height: number];
  readonly look?: { readonly colorScheme?: 'dark'; readonly media?: 'print' };
  /** What is at the top of the picture; absent: the top of the page. */
  readonly at?: string;
}

const SHOTS = {
  sample: [
    { name: 'desktop', size: [1440, 900] },
    { name: 'section', size: [1440, 1500], at: '#section-2' },
    { name: 'pairs', size: [1440, 1500], at: '#section-4 figure:nth-of-type(2)' },
    { name: 'wide', size: [1920, 1080], at: '#runs' },
    { name: 'dark', size: [1440, 900], look: { colorScheme: 'dark' }, at: '#section-1' },
    { name: 'phone', size: [390, 844] },
    { name: 'print', size: [760, 1075], look: { media: 'print' }, at: '#section-6 figure:nth-of-type(5)' },
  ],
  quickstart: [
    { name: 'desktop', size: [1440, 900] },
    { name: 'wide', size: [1920, 1080] },
    { name: 'dark', size: [1440, 900], look: { colorScheme: 'dark' }, at: '#hardest' },
    { name: 'phone', size: [390, 844], at: '#section-1' },
    { name: 'print', size: [760, 1075], look: { media: 'print' } },
  ],
} as const satisfies Readonly<Record<string, readonly Shot[]>>;

async function take(page: Page, { size: [width, height], look = {}, at }: Shot): Promise<Buffer> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: look.colorScheme ?? 'light', media: look.media ?? 'screen' });
  // Figures above take their heights for this width before the place is found, and again after the way there.
  for (let round = 0; round < 2; round++) {
    await page.evaluate((selector) => {
      if (selector === undefined) window.scrollTo(0, 0);
      else document.querySelector(selector)!.scrollIntoView();
    }, at);
    await drawn(page);
  }
  return page.screenshot({ animations: 'disabled', caret: 'hide' });
}

async function compare(taken: Buffer, file: URL): Promise<void> {
  if (isWriting) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(file, taken);
    return;
  }
  const [golden, now] = [PNG.sync.read(await readFile(file)), PNG.sync.read(taken)];
  expect([now.width, now.height]).toEqual([golden.width, golden.height]);
  const different = pixelmatch(golden.data, now.data, undefined, golden.width, golden.height, { threshold: 0.15 });
  expect(different / (golden.width * golden.height)).toBeLessThan(TOLERANCE);
}

describe.skipIf(!hasBrowser).each(['sample', 'quickstart'] as const)('the page of the %s looks as before', (study) => {
  let browser: Browser;
  let page: Page;
  let isComparable = false;
  beforeAll(async () => {
    browser = await launch();
    ({ page } = await openPage(browser, await writePage(await recordedPage(study))));
    isComparable = await hasFont(page);
    await page.addStyleTag({
      content: `body{font-family:"${FONT}"!important}code,pre,.id{font-family:"DejaVu Sans Mono"!important}`,
    });
  });
  afterAll(() => browser?.close());

  test.each<Shot>(SHOTS[study])('$name', async (shot) => {
    if (!isComparable) {
      console.warn(`*** ${FONT} is not installed: the picture "${study}-${shot.name}" is NOT compared. ***`);
      return;
    }
    await compare(await take(page, shot), new URL(`${study}-${shot.name}.png`, FOLDER));
  });
});

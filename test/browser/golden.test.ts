import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { studySpec } from '@bakeoff/report/testing';
import pixelmatch from 'pixelmatch';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixturePage } from '../support/fixture-page.ts';
import { hasBrowser, launch, openPage, writePage } from '../support/open-page.ts';

const FOLDER = new URL('../support/data/golden/', import.meta.url);
/**
 * The font that the pictures were taken with (Debian: fonts-dejavu-core). Without it, every line breaks differently.
 */
const FONT = 'DejaVu Sans';
/** Share of pixels that may differ, because rasterizers change between browser versions. */
const TOLERANCE = 0.02;

/**
 * Golden pictures are retaken with `BAKEOFF_GOLDEN=write npx vitest run --project test test/browser/golden`; look at
 * them before keeping them.
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
  readonly options: BrowserContextOptions;
  readonly media?: 'print';
  readonly at?: string;
}

const DESKTOP = { width: 1280, height: 1600 };
const SHOTS: readonly Shot[] = [
  { name: 'desktop', options: { viewport: DESKTOP } },
  { name: 'desktop-charts', options: { viewport: DESKTOP }, at: '#section-2 figure' },
  { name: 'desktop-table', options: { viewport: DESKTOP }, at: '#runs' },
  { name: 'dark', options: { viewport: DESKTOP, colorScheme: 'dark' }, at: '#section-1 figure:nth-of-type(3)' },
  { name: 'phone', options: { viewport: { width: 390, height: 1600 }, isMobile: true }, at: '#section-1' },
  { name: 'print', options: { viewport: { width: 760, height: 1600 } }, media: 'print', at: '#section-1' },
];

describe.skipIf(!hasBrowser)('the report looks as before', () => {
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    browser = await launch();
    url = await writePage((await fixturePage({ ...studySpec(), testImages: 2000 })).html);
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(() => browser?.close());

  test.each(SHOTS)('$name', async ({ name, options, media, at }) => {
    const { page } = await openPage(browser, url, options);
    if (!(await hasFont(page))) {
      console.warn(`*** ${FONT} is not installed: the golden picture "${name}" is NOT compared. ***`);
      return;
    }
    await page.addStyleTag({
      content: `body{font-family:"${FONT}"!important}code,pre,.id{font-family:"DejaVu Sans Mono"!important}`,
    });
    if (media) await page.emulateMedia({ media });
    if (at)
      await page
        .locator(at)
        .first()
        .evaluate((element) => element.scrollIntoView());
    await page.waitForTimeout(700);
    const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    const file = new URL(`${name}.png`, FOLDER);
    if (isWriting) {
      await mkdir(FOLDER, { recursive: true });
      await writeFile(file, taken);
      return;
    }
    const [golden, now] = [PNG.sync.read(await readFile(file)), PNG.sync.read(taken)];
    expect([now.width, now.height]).toEqual([golden.width, golden.height]);
    const different = pixelmatch(golden.data, now.data, undefined, golden.width, golden.height, { threshold: 0.15 });
    expect(different / (golden.width * golden.height)).toBeLessThan(TOLERANCE);
  });
});

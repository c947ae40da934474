import { chartSheet, fixtureReport, scaleSpec, searchSpec, small, studySpec } from '@bakeoff/report/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launch, writePage } from '../support/open-page.ts';

/** In pixels: a phone's column, the main column, a wide screen's. */
const WIDTHS = [358, 928, 1400];

describe.skipIf(!hasBrowser)('the charts', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test('have every text inside their picture, on phones, in the main column and on wide screens', async () => {
    const study = await fixtureReport(small(studySpec()));
    const grid = await fixtureReport(small(scaleSpec(45, 1000)));
    const search = await fixtureReport(small(searchSpec()));
    const html = chartSheet(
      [
        { name: 'study', ...study, sections: [1, null] },
        { name: 'grid', ...grid, sections: [0] },
        { name: 'search', ...search, sections: [0], charts: ['slices', 'parallelCoordinates', 'validationAccuracy'] },
      ],
      WIDTHS,
    );
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(await writePage(html));
    const found = await page.evaluate(() => {
      const outside: string[] = [];
      let texts = 0;
      for (const figure of document.querySelectorAll<HTMLElement>('[data-figure]'))
        for (const svg of figure.querySelectorAll('svg.plot')) {
          const box = svg.getBoundingClientRect();
          for (const text of svg.querySelectorAll('text')) {
            const { left, right, top, bottom, width } = text.getBoundingClientRect();
            texts += width > 0 ? 1 : 0;
            if (left < box.left - 0.5 || right > box.right + 0.5 || top < box.top - 0.5 || bottom > box.bottom + 0.5)
              if (width > 0) outside.push(`${figure.dataset['figure']}: ${text.textContent}`);
          }
        }
      return { outside, texts };
    });
    expect(found.outside).toEqual([]);
    expect(found.texts).toBeGreaterThan(1000);
  });
});

import { type FixtureSpec, studySpec } from '@bakeoff/report/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launch, openPage, writePage } from '../support/open-page.ts';
import { fixtureComparedPage, recordedPage } from '../support/report-pages.ts';

/** Three learning rates by three dropouts that come out alike, from one seed each. */
function tiedSweepSpec(): FixtureSpec {
  const study = studySpec();
  const experiments = [1e-4, 2e-4, 4e-4].flatMap((learningRate) =>
    [0, 0.1, 0.2].map((dropout2d) => ({
      ...study.experiments[1]!,
      id: `grid-${learningRate}-${dropout2d}`,
      title: `lr ${learningRate}, dropout2d ${dropout2d}`,
      group: 'grid',
      sweepValues: { 'optimizer.learningRate': learningRate, 'model.dropout2d': dropout2d },
      learningRate,
      model: { ...study.experiments[1]!.model, dropout2d },
      seeds: [1],
      skill: 1.8,
      overfit: 0.2,
    })),
  );
  return sectionOf(study, 'tied', experiments);
}

/** Three networks that learned nothing. */
function guessingSpec(): FixtureSpec {
  const study = studySpec();
  const experiments = study.experiments.slice(0, 3).map((experiment) => ({ ...experiment, seeds: [1], skill: -1.2 }));
  return sectionOf(study, 'guessing', experiments);
}

function sectionOf(study: FixtureSpec, name: string, experiments: FixtureSpec['experiments']): FixtureSpec {
  const [section] = study.sections;
  const ids = experiments.map(({ id }) => id);
  return {
    ...study,
    name,
    experiments,
    testImages: 1000,
    stepsPerEpoch: 20,
    sections: [{ ...section!, baseline: null, experiments: ids, charts: ['accuracyVsMacs'] }],
  };
}

describe.skipIf(!hasBrowser)('the first screen of a report', () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await launch()));
  afterAll(() => browser?.close());

  test.each([
    ['a study of 23 experiments', () => recordedPage('sample'), 10, /is best.*ties with it.*seeds/],
    [
      'a sweep of two settings whose points tie',
      () => fixtureComparedPage(tiedSweepSpec()),
      9,
      /tie.*training|tie.*seeds/,
    ],
    ['networks that only guess', () => fixtureComparedPage(guessingSpec()), 3, /[Nn]othing is shown to beat guessing/],
  ] as const)('of %s says what is best, at what cost, and on what evidence', async (_, build, rows, verdict) => {
    const { page } = await openPage(browser, await writePage(await build()), {
      viewport: { width: 1440, height: 900 },
    });
    const bottom = (selector: string, nth = 0) =>
      page
        .locator(selector)
        .nth(nth)
        .evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await page.locator('.verdict').innerText()).toMatch(verdict);
    expect(await page.locator('.strip').first().locator('tbody tr').count()).toBeGreaterThanOrEqual(rows);
    expect(await bottom('.strip tbody tr', rows - 1)).toBeLessThan(900);
    expect(await bottom('.summary p')).toBeLessThan(900);
    const guessing = await page.locator('.strip line.chance').count();
    expect(/Dashed: guessing/.test(await page.locator('.ranking .key').first().innerText())).toBe(guessing > 0);
    const row = page.locator('.strip tbody tr').first();
    for (const cost of ['macs', 'parameters', 'time'])
      expect(await row.locator(`.${cost}`).innerText(), cost).toMatch(/^[\d.]+/);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await bottom('.verdict')).toBeLessThan(844);
    expect(await bottom('.strip tbody tr', 2)).toBeLessThan(844);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      const cut = await page
        .locator('.strip :is(th, td):not(.dot)')
        .evaluateAll((cells) =>
          cells
            .filter((cell) => cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth > 0)
            .map((cell) => cell.textContent),
        );
      expect(cut, `${width} pixels`).toEqual([]);
    }
  });
});

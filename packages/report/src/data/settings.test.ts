import { describe, expect, it } from 'vitest';
import type { Recipe } from '@bakeoff/core';
import { fixturePlan, studySpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { columnsOf } from '../columns/columns-of.ts';
import { flattenRecipes } from './flatten-recipe.ts';
import { type Setting, settingNames, settingText, varyingSettings } from './settings.ts';

const AUGMENTATION: Recipe['augmentation'] = {
  transforms: [
    { type: 'horizontalFlip', probability: 0.5 },
    { type: 'perspective', distortion: 0.5, probability: 0.25, interpolation: 'bilinear' },
    { type: 'rotation', degrees: 30, probability: 1, interpolation: 'nearest' },
  ],
  views: 22,
  seed: 1,
};

describe('settingText', () => {
  it.each([
    [0.03, '0.03'],
    [5e-3, '0.005'],
    [null, 'none'],
    [undefined, 'none'],
    [false, 'false'],
    ['cosine', 'cosine'],
    ['[3,3,3]', '[3, 3, 3]'],
    ['[not json', '[not json'],
    ['{"type":"cosine","warmupEpochs":2}', 'cosine, warmupEpochs 2'],
    ['{"transforms":[{"type":"horizontalFlip"}]}', 'flip'],
    [
      '{"seed":2,"transforms":[{"type":"randomCrop","padding":4,"probability":1},{"type":"grayscale","probability":0.1}],"views":3}',
      'crop 4\u00A0px, grayscale 0.1; 3 views; seed 2',
    ],
  ])('says %j as %j', (value, text) => expect(settingText(value)).toBe(text));
});

describe('the settings of runs with and without augmentation', async () => {
  const spec = small(studySpec());
  const [first, ...rest] = spec.experiments;
  const { data, measurements } = await fixtureReport({
    ...spec,
    experiments: [{ ...first!, augmentation: AUGMENTATION }, ...rest],
  });

  it('are one readable column, not a dash for every run', () => {
    const column = columnsOf(data, measurements).find(({ id }) => id === 'setting:augmentation')!;
    const texts = data.runs.map((run, i) => column.text(column.value(run, i), run));
    expect(texts[0]).toBe('flip 0.5, perspective 0.5 at 0.25, rotation 30°');
    expect(new Set(texts.slice(3))).toEqual(new Set(['none']));
  });

  it('tell other numbers of views than one per epoch', () => {
    const recipe = { model: { type: 'x' }, maxEpochs: 22, augmentation: { ...AUGMENTATION, views: 4 } };
    expect(settingText(flattenRecipes([recipe as unknown as Recipe])[0]?.['augmentation'])).toContain('; 4 views');
  });
});

const paths = (...recipes: Recipe[]): string[][] => flattenRecipes(recipes).map((settings) => Object.keys(settings));

describe('settings that were added later', () => {
  const recipe = fixturePlan(small(studySpec())).plan.runs[0]!.recipe;

  it('are not told where no run uses them', () => {
    expect(paths(recipe, recipe)[1]).toEqual(paths(recipe)[0]);
    expect(paths(recipe)[0]).not.toContain('labelSmoothing');
  });

  it('are told of every run where one uses them', () => {
    const smoothed = { ...recipe, labelSmoothing: 0.1, ema: { decay: 0.99 } };
    const [plain, changed] = flattenRecipes([recipe, smoothed]);
    expect(plain).toMatchObject({ labelSmoothing: 0 });
    expect(changed).toMatchObject({ labelSmoothing: 0.1, 'ema.decay': 0.99 });
    expect(varyingSettings([plain!, changed!])).toEqual(['labelSmoothing', 'ema.decay']);
  });
});

describe('varyingSettings', () => {
  it('tells a map that some runs lack by its members', () => {
    const runs: Record<string, Setting>[] = [
      { earlyStopping: null, batchSize: 32 },
      { 'earlyStopping.patience': 3, batchSize: 32 },
    ];
    expect(varyingSettings(runs)).toEqual(['earlyStopping.patience']);
  });
});

describe('settingNames', () => {
  it('are the shortest endings that differ', () => {
    const names = settingNames(['model.dropout2d', 'optimizer.type', 'schedule.type', 'model.blocks.1']);
    expect([...names.values()]).toEqual(['dropout2d', 'optimizer.type', 'schedule.type', 'blocks.1']);
  });
});

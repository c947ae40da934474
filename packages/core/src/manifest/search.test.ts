import { describe, expect, it } from 'vitest';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { UserError } from '../user-error.ts';
import type { Manifest, ManifestExperiment } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

const parse = (body: string): Manifest =>
  parseManifest(
    `name: t
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 2e-4 }, maxEpochs: 5 }
experiments:
  - id: x
    model: { type: resnet, blocks: [3], channels: [16] }
    ${body}
`,
    { fileName: 'm.yaml', vocabulary: exampleVocabulary },
  );

const RANGES =
  'optimizer.l2: { logUniform: [1e-5, 5e-3] }, model.dropout2d: { uniform: [0, 0.25] }, batchSize: { choice: [32, 128] }';

const trials = (count: number, more = ''): readonly ManifestExperiment[] =>
  parse(`search: { trials: ${count}, ${RANGES}${more} }`).experiments;

const valuesOf = (experiments: readonly ManifestExperiment[], setting: string): number[] =>
  experiments.map(({ trial }) => trial!.values[setting] as number);

/** A manifest with a search, another experiment, and this section. */
const withSection = (section: string): string =>
  `search: { trials: 3, ${RANGES} }\n  - { id: y, model: { type: cifarnet } }\nreport: { sections: [{ title: s, ${section} }] }`;

describe('a search', () => {
  it('makes an experiment of each trial, with its values in the recipe and the settings in the order of their names', () => {
    const experiments = trials(4);
    expect(experiments.map(({ id, title, group }) => [id, title, group])[3]).toEqual(['x-trial-4', 'x, trial 4', 'x']);
    for (const { trial, recipe, sweepValues } of experiments) {
      expect(Object.keys(trial!.values)).toEqual(['batchSize', 'model.dropout2d', 'optimizer.l2']);
      expect(trial!.values).toEqual({
        batchSize: recipe.batchSize,
        'model.dropout2d': recipe.model['dropout2d'],
        'optimizer.l2': recipe.optimizer.type === 'adam' ? recipe.optimizer.l2 : null,
      });
      expect(sweepValues).toEqual({});
    }
  });

  it('has the values that it always had, so that finished trials are found again', () => {
    expect(trials(3).map(({ trial }) => Object.values(trial!.values))).toMatchInlineSnapshot(`
      [
        [
          128,
          0.01755,
          0.00001078,
        ],
        [
          32,
          0.208,
          0.00365,
        ],
        [
          32,
          0.1121,
          0.0001988,
        ],
      ]
    `);
  });

  it('keeps its trials when there are more, and has others with another seed or setting', () => {
    const five = trials(5);
    expect(trials(9).slice(0, 5)).toEqual(five);
    const shared = (others: readonly ManifestExperiment[]): number =>
      others.filter(({ recipe }) => five.some((one) => JSON.stringify(one.recipe) === JSON.stringify(recipe))).length;
    expect(shared(trials(5, ', seed: 1'))).toBe(5);
    expect(shared(trials(5, ', seed: 2'))).toBe(0);
    expect(shared(trials(5, ', optimizer.learningRate: { logUniform: [1e-4, 1e-2] }'))).toBe(0);
  });

  it('spreads 32 trials evenly: one in each thirty-second of a range, half at each of two choices', () => {
    const experiments = trials(32);
    const places = (setting: string, place: (value: number) => number): number =>
      new Set(valuesOf(experiments, setting).map((value) => Math.floor(32 * place(value)))).size;
    // Rounding to four digits may move a value over the border of a thirty-second.
    expect(places('model.dropout2d', (value) => value / 0.25)).toBeGreaterThanOrEqual(31);
    expect(places('optimizer.l2', (value) => Math.log(value / 1e-5) / Math.log(500))).toBeGreaterThanOrEqual(31);
    expect(valuesOf(experiments, 'batchSize').filter((value) => value === 32)).toHaveLength(16);
  });

  it('rounds to four digits within the range, and to whole numbers, each as likely, where the setting takes those', () => {
    for (const value of valuesOf(trials(64), 'optimizer.l2')) expect(Number(value.toPrecision(4))).toBe(value);
    const narrow = parse('search: { trials: 16, model.dropout2d: { uniform: [0.123414, 0.123446] } }').experiments;
    for (const value of valuesOf(narrow, 'model.dropout2d'))
      expect([0.123414, 0.1234, 0.123446].includes(value) && value >= 0.123414).toBe(true);
    const whole = valuesOf(parse('search: { trials: 64, batchSize: { uniform: [3, 6] } }').experiments, 'batchSize');
    expect([3, 4, 5, 6].map((value) => whole.filter((each) => each === value).length)).toEqual([16, 16, 16, 16]);
    const decades = valuesOf(
      parse('search: { trials: 64, batchSize: { logUniform: [1, 1000] } }').experiments,
      'batchSize',
    );
    expect(decades.every(Number.isInteger)).toBe(true);
    expect([Math.min(...decades), decades.filter((value) => value <= 31).length]).toEqual([1, 35]);
  });

  it('chooses among whole maps and lists, beside a sweep, of which every point is a search', () => {
    const { experiments } = parse(
      'sweep: { maxEpochs: [1, 2] }\n    search: { trials: 3, optimizer: { choice: [{ l2: 0.1 }, { type: sgd, learningRate: 0.1 }] } }',
    );
    expect(experiments.map(({ id, trial }) => [id, trial!.search])).toEqual([
      ['x-1-trial-1', 'x-1'],
      ['x-1-trial-2', 'x-1'],
      ['x-1-trial-3', 'x-1'],
      ['x-2-trial-1', 'x-2'],
      ['x-2-trial-2', 'x-2'],
      ['x-2-trial-3', 'x-2'],
    ]);
    expect(experiments[0]!.sweepValues).toEqual({ maxEpochs: 1 });
    expect(new Set(experiments.map(({ recipe }) => recipe.optimizer.type))).toEqual(new Set(['adam', 'sgd']));
    const values = experiments.map(({ trial }) => trial!.values['optimizer']);
    expect(values.slice(0, 3)).toEqual(values.slice(3));
  });

  it('is named as a whole by sections, has its own charts, and is no baseline', () => {
    expect(parse(withSection('runs: [y, x]')).report.sections[0]).toMatchObject({
      experiments: ['y', 'x-trial-1', 'x-trial-2', 'x-trial-3'],
      charts: ['validationAccuracy', 'validationLoss', 'slices', 'accuracyVsMacs', 'verdicts'],
    });
    expect(() => parse(withSection('runs: [y, x], baseline: x-trial-2'))).toThrow(
      'section "s": a trial of a search cannot be the baseline',
    );
  });
});

const many = Array.from({ length: 33 }, (_, i) => `model.s${i}: { uniform: [0, 1] }`).join(', ');

/** What is wrong, the line and column, the message, and what to change. */
const MISTAKES: readonly (readonly [string, string, string, string, string | undefined])[] = [
  [
    'a setting that does not exist',
    'search: { trials: 2, model.dropout3d: { uniform: [0, 0.1] } }',
    '7:26',
    'search over a setting that does not exist',
    'did you mean "model.dropout2d"?',
  ],
  [
    'a first name that does not exist',
    'search: { trials: 2, modle.dropout2d: { uniform: [0, 0.1] } }',
    '7:26',
    'search over a setting that does not exist',
    'did you mean "model"?',
  ],
  [
    'a search over seeds',
    'search: { trials: 2, seeds: { choice: [[1], [2]] } }',
    '7:26',
    'seeds cannot be searched: they repeat one recipe',
    'write seeds: 3 in the experiment',
  ],
  [
    'a search over the dataset',
    'search: { trials: 2, dataset.train: { uniform: [10, 100] } }',
    '7:26',
    'the dataset cannot be searched: validation chooses among trials on the same images',
    'sweep it instead, or write experiments of their own',
  ],
  [
    'a range the wrong way round',
    'search: { trials: 2, model.dropout2d: { uniform: [0.2, 0.1] } }',
    '7:45',
    "the search's range of model.dropout2d does not go from low to high",
    'write uniform: [0.1, 0.2]',
  ],
  [
    'an empty range',
    'search: { trials: 2, model.dropout2d: { uniform: [0.2, 0.2] } }',
    '7:45',
    "the search's range of model.dropout2d does not go from low to high",
    "write model.dropout2d among the experiment's settings",
  ],
  [
    'the logarithm of zero',
    'search: { trials: 2, optimizer.l2: { logUniform: [0, 1e-2] } }',
    '7:55',
    "the search's range of optimizer.l2 is logarithmic, and begins at 0",
    'begin above 0, or write uniform instead of logUniform',
  ],
  [
    'an end outside of what the setting allows',
    'search: { trials: 2, model.dropout2d: { uniform: [0, 1.5] } }',
    '7:58',
    'searched value: "model.dropout2d" is out of range',
    'change model.dropout2d to what is allowed',
  ],
  [
    'a choice outside of what the setting allows',
    'search: { trials: 2, batchSize: { choice: [32, 0] } }',
    '7:52',
    'searched value: "batchSize" is out of range',
    'change batchSize to what is allowed',
  ],
  [
    'numbers for a setting that has words',
    'search: { trials: 2, sampling: { uniform: [0, 1] } }',
    '7:38',
    "the search's range of sampling is one of numbers, but the setting is not a number",
    'write sampling: { choice: [first, second, …] }',
  ],
  [
    'what is both swept and searched',
    'sweep: { model: [{ dropout2d: 0 }] }\n    search: { trials: 2, model.dropout2d: { uniform: [0, 0.1] } }',
    '8:26',
    'model.dropout2d is both swept and searched',
    'remove one of the two',
  ],
  [
    'what is searched twice',
    'search: { trials: 2, model: { choice: [{ dropout2d: 0 }] }, model.dropout2d: { uniform: [0, 0.1] } }',
    '7:65',
    'the search sets model.dropout2d twice',
    'remove one of the two',
  ],
  [
    'a kind of range that does not exist',
    'search: { trials: 2, model.dropout2d: { unifrom: [0, 0.1] } }',
    '7:26',
    'the search of model.dropout2d needs a range',
    'did you mean "uniform"?',
  ],
  [
    'a nested path',
    'search: { trials: 2, model: { dropout2d: { uniform: [0, 0.1] } } }',
    '7:26',
    'the search of model needs a range',
    'write the path with dots: "model.dropout2d"',
  ],
  [
    'a value in place of a range',
    'search: { trials: 2, batchSize: 32 }',
    '7:26',
    'the search of batchSize needs a range',
    'write batchSize: { uniform: [low, high] }',
  ],
  [
    'no trials',
    `search: { trials: 0, ${RANGES} }`,
    '7:23',
    '"experiments.0.search.trials" is out of range',
    'change experiments.0.search.trials to what is allowed',
  ],
  [
    'no number of trials',
    `search: { ${RANGES} }`,
    '7:5',
    'the setting "experiments.0.search.trials" is missing',
    'write experiments.0.search.trials in the manifest',
  ],
  [
    'no setting',
    'search: { trials: 3 }',
    '7:5',
    'the search names no setting',
    'name a setting and its range, or remove the search',
  ],
  [
    'too many settings',
    `search: { trials: 3, ${many} }`,
    '7:5',
    'the search has too many settings',
    'search fewer settings',
  ],
  [
    'rules that span settings',
    'replicas: 2\n    search: { trials: 4, batchSize: { uniform: [4, 9] } }',
    '7:15',
    '2 replicas cannot share a batch of',
    undefined,
  ],
];

describe('a mistake in a search', () => {
  it.each(MISTAKES)('(%s) is one message with its line and what to change', (_name, body, place, what, fix) => {
    let failure: unknown;
    try {
      parse(body);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(UserError);
    const { parts } = failure as UserError;
    expect(parts.what).toContain(what);
    expect(parts.what).toContain(`m.yaml:${place}: `);
    expect(parts.fix?.split('\n')[0]).toBe(fix);
  });
});

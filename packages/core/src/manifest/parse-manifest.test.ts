import { describe, expect, it } from 'vitest';
import { UserError } from '../user-error.ts';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

const parse = (text: string): Manifest => parseManifest(text, { fileName: 'm.yaml', vocabulary: exampleVocabulary });

const BASE = `name: study
dataset: { source: cifar10 }
defaults:
  optimizer: { type: adam, learningRate: 2e-4 }
  maxEpochs: 5
experiments:
  - id: cifarnet
    model: { type: cifarnet }
  - id: resnet20
    model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }
    sweep: { model.dropout2d: [0.25, 0.1, 0] }
`;

/** BASE with another first experiment and, as an option, other defaults. */
const withExperiment = (body: string, defaults = 'maxEpochs: 5'): string => `name: t
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 2e-4 }, ${defaults} }
experiments:
  - id: x
    model: { type: cifarnet }
${body
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;

function failureOf(text: string): UserError {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('the manifest was accepted');
}

const edited = (from: string, to: string): string => {
  expect(BASE).toContain(from);
  return BASE.replace(from, to);
};

const first = (body: string): Manifest['experiments'][number] => parse(withExperiment(body)).experiments[0]!;
const essence = ({ experiments, report }: Manifest): unknown => ({
  experiments: experiments.map(({ location: _location, ...rest }) => rest),
  report,
});

describe('a manifest', () => {
  it('is read completely, with every default filled in', () => {
    const manifest = parse(BASE);
    expect(manifest).toMatchObject({ name: 'study', title: 'study', fileName: 'm.yaml', text: BASE });
    expect(manifest.experiments[0]).toEqual({
      id: 'cifarnet',
      title: 'cifarnet',
      group: 'cifarnet',
      sweepValues: {},
      location: 'm.yaml:7:5',
      seeds: [1],
      dataset: {
        source: 'cifar10',
        validation: 5000,
        train: null,
        stratified: true,
        seed: 1,
        onDuplicates: 'warn',
      },
      evaluation: { flip: false, translate: 0 },
      recipe: {
        model: { type: 'cifarnet', dropout: 0.3 },
        optimizer: {
          type: 'adam',
          learningRate: 2e-4,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          l2: 0,
          decayBiasAndNorm: true,
        },
        schedule: { type: 'constant', warmupEpochs: 0, warmupFactor: 0.1 },
        batchSize: 32,
        maxEpochs: 5,
        earlyStopping: null,
        selection: 'validationLoss',
        normalization: { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] },
        augmentation: null,
        replicas: 1,
        labelSmoothing: 0,
        classWeights: null,
        sampling: 'shuffled',
        mixup: null,
        maxGradientNorm: null,
        ema: null,
      },
    });
  });

  it('means the same as JSON, with tabs, and with a byte order mark or Windows line endings', () => {
    const json = `{\n\t"$schema": "./manifest.schema.json",\n\t"name": "study", "dataset": {"source": "cifar10"},\n\t"defaults": {"optimizer": {"type": "adam", "learningRate": 2e-4}, "maxEpochs": 5},\n\t"experiments": [{"id": "cifarnet", "model": {"type": "cifarnet"}}, {"id": "resnet20", "model": {"type": "resnet", "blocks": [3, 3, 3], "channels": [16, 32, 64]}, "sweep": {"model.dropout2d": [0.25, 0.1, 0]}}]\n}`;
    for (const text of [json, `\ufeff${BASE}`, BASE.replaceAll('\n', '\r\n')])
      expect(essence(parse(text))).toEqual(essence(parse(BASE)));
  });

  it('reads anchors and aliases', () => {
    const text = withExperiment('optimizer: &fast { type: sgd, learningRate: 0.1 }').replace(
      'experiments:',
      'experiments:\n  - { id: y, model: { type: cifarnet } }',
    );
    const aliased = `${text}  - { id: z, model: { type: cifarnet }, optimizer: *fast }\n`;
    expect(parse(aliased).experiments.map(({ recipe }) => recipe.optimizer.type)).toEqual(['adam', 'sgd', 'sgd']);
  });

  it('reads merge keys: own members win, then the first map of a list, each as written there', () => {
    const text = `x-slow: &slow { maxEpochs: 7, batchSize: 16 }
x-more: &more { maxEpochs: 9, seeds: [4] }
name: t
dataset: { source: cifar10 }
defaults: &d { model: { type: cifarnet }, maxEpochs: 1, optimizer: { type: adam, learningRate: 1e-3 } }
experiments:
  - id: a
    <<: *d
  - { maxEpochs: 2, <<: *d, id: b }
  - id: c
    <<: [*slow, *more, { seeds: [5] }]
  - id: d
    optimizer: { <<: { type: sgd, momentum: 0.5 }, learningRate: 0.1 }
`;
    const settings = parse(text).experiments.map(({ recipe: { maxEpochs, batchSize, optimizer }, seeds }) => ({
      maxEpochs,
      batchSize,
      optimizer: optimizer.type,
      seeds,
    }));
    const base = { maxEpochs: 1, batchSize: 32, optimizer: 'adam', seeds: [1] };
    expect(settings).toEqual([
      base,
      { ...base, maxEpochs: 2 },
      { ...base, maxEpochs: 7, batchSize: 16, seeds: [4] },
      { ...base, optimizer: 'sgd' },
    ]);
    const quoted = text.replace('{ maxEpochs: 2, <<: *d, id: b }', '{ "<<": 1, id: b }');
    expect(failureOf(quoted).parts.what).toBe('m.yaml:9:7: unknown setting "experiments.1.<<"');
  });

  it('names the line of a merged value where it is written, even if its anchor is defined again', () => {
    const text = `x-a: &a
  maxEpochs: 0
name: t
dataset: { source: cifar10 }
defaults: { model: { type: cifarnet }, optimizer: { type: adam, learningRate: 1e-3 } }
experiments:
  - id: a
    <<: [{ batchSize: 8 }, *a]
  - { id: b, maxEpochs: &a 3 }
`;
    expect(failureOf(text).parts.what).toBe('m.yaml:2:14: experiment "a": "maxEpochs" is out of range');
    const merged = failureOf(text.replace('  maxEpochs: 0', '  maxEpochs: 1').replace('*a]', '5]'));
    expect(merged.parts.what).toBe('m.yaml:8:9: what "<<" merges is not a map');
    expect(merged.parts.received).toBe('[{"batchSize":8},5]');
  });

  it('merges defaults deeply, but an object of another type replaces', () => {
    const { recipe: merged } = first('optimizer: { l2: 0.01 }');
    expect(merged.optimizer).toMatchObject({ type: 'adam', learningRate: 2e-4, l2: 0.01 });
    const { recipe: replaced } = first('optimizer: { type: sgd, learningRate: 0.1 }');
    expect(replaced.optimizer).toEqual({
      type: 'sgd',
      learningRate: 0.1,
      momentum: 0.9,
      nesterov: false,
      l2: 0,
      decayBiasAndNorm: true,
    });
  });

  it('switches early stopping and augmentation off by null', () => {
    const off = parse(withExperiment('earlyStopping: null', 'maxEpochs: 5, earlyStopping: { patience: 3 }'));
    expect(off.experiments[0]?.recipe.earlyStopping).toBeNull();
  });

  it('selects the best epoch by the metric that early stopping monitors, unless it names another', () => {
    const stopping = 'earlyStopping: { monitor: validationAccuracy, patience: 3 }';
    expect(first(stopping).recipe.selection).toBe('validationAccuracy');
    expect(first(`${stopping}\nselection: validationLoss`).recipe.selection).toBe('validationLoss');
  });

  it('gives augmentation as many views as epochs, unless it names fewer', () => {
    expect(first('augmentation: { transforms: [{ type: horizontalFlip }] }').recipe.augmentation?.views).toBe(5);
    expect(first('augmentation: { transforms: [{ type: horizontalFlip }], views: 2 }').recipe.augmentation?.views).toBe(
      2,
    );
  });

  it('expands a normalization given as one number', () => {
    const { recipe } = first('normalization: { mean: 0.4, standardDeviation: [0.2, 0.3, 0.4] }');
    expect(recipe.normalization).toEqual({ mean: [0.4, 0.4, 0.4], standardDeviation: [0.2, 0.3, 0.4] });
  });

  it('changes the dataset for one experiment', () => {
    expect(first('dataset: { train: 2000 }').dataset).toMatchObject({
      source: 'cifar10',
      validation: 5000,
      train: 2000,
    });
    expect(first('dataset: { source: synthetic }').dataset).toEqual({
      source: 'synthetic',
      images: 6000,
      testImages: 2000,
      sourceSeed: 1,
      validation: 1000,
      train: null,
      stratified: true,
      seed: 1,
      onDuplicates: 'warn',
    });
  });

  it('keeps the default of a warm-up schedule that names no type', () => {
    expect(first('schedule: { warmupEpochs: 2 }').recipe.schedule).toEqual({
      type: 'constant',
      warmupEpochs: 2,
      warmupFactor: 0.1,
    });
  });
});

const ids = (body: string): string[] => parse(withExperiment(body)).experiments.map(({ id }) => id);
const sections = (text: string): Manifest['report']['sections'] =>
  parse(`${BASE}report: { sections: [${text}] }\n`).report.sections;

describe('a sweep', () => {
  it('makes one point per value, named after it', () => {
    expect(parse(BASE).experiments.slice(1)).toMatchObject([
      {
        id: 'resnet20-0.25',
        title: 'resnet20 (dropout2d 0.25)',
        group: 'resnet20',
        sweepValues: { 'model.dropout2d': 0.25 },
        recipe: { model: { dropout2d: 0.25 } },
      },
      { id: 'resnet20-0.1' },
      { id: 'resnet20-0', recipe: { model: { dropout2d: 0 } } },
    ]);
  });

  it('crosses several settings, with the last varying fastest', () => {
    expect(ids('sweep: { model.dropout: [0, 0.5], optimizer.learningRate: [1e-3, 2e-5] }')).toEqual([
      'x-dropout-0-learning-rate-0.001',
      'x-dropout-0-learning-rate-0.00002',
      'x-dropout-0.5-learning-rate-0.001',
      'x-dropout-0.5-learning-rate-0.00002',
    ]);
  });

  it('advances zipped settings together, and crosses them with the others', () => {
    const { experiments } = parse(
      withExperiment(
        'sweep: { model.dropout: [0, 0.5], zip: { batchSize: [32, 64], optimizer.learningRate: [1e-3, 2e-3] } }',
      ),
    );
    expect(experiments.map(({ sweepValues }) => Object.values(sweepValues))).toEqual([
      [0, 32, 1e-3],
      [0, 64, 2e-3],
      [0.5, 32, 1e-3],
      [0.5, 64, 2e-3],
    ]);
  });

  it('reaches elements of lists, whole lists and whole objects', () => {
    const resnet = 'model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }';
    const breadth = parse(
      withExperiment('sweep: { model.channels.1: [32, 56] }').replace('model: { type: cifarnet }', resnet),
    );
    expect(breadth.experiments.map(({ id, recipe }) => [id, recipe.model['channels']])).toEqual([
      ['x-32', [16, 32, 64]],
      ['x-56', [16, 56, 64]],
    ]);
    expect(breadth.experiments[1]?.title).toBe('x (channels.1 56)');
    const lists = parse(
      withExperiment('sweep: { model.blocks: [[3, 3, 3], [3, 9, 3]] }').replace('model: { type: cifarnet }', resnet),
    );
    expect(lists.experiments[1]).toMatchObject({ id: 'x-3-9-3', sweepValues: { 'model.blocks': '[3,9,3]' } });
    expect(
      ids(
        'sweep: { optimizer: [{ l2: 0.1 }, { type: sgd, learningRate: 0.1 }], earlyStopping: [null, { patience: 2 }] }',
      ),
    ).toEqual([
      'x-optimizer-1-early-stopping-none',
      'x-optimizer-1-early-stopping-2',
      'x-optimizer-sgd-2-early-stopping-none',
      'x-optimizer-sgd-2-early-stopping-2',
    ]);
  });

  it('supplies a setting that nothing else gives, and sweeps the dataset', () => {
    expect(
      parse(withExperiment('sweep: { maxEpochs: [1, 2] }', 'batchSize: 8')).experiments.map(
        ({ recipe }) => recipe.maxEpochs,
      ),
    ).toEqual([1, 2]);
    expect(
      parse(withExperiment('sweep: { dataset.train: [100, null] }')).experiments.map(({ id, dataset }) => [
        id,
        dataset.train,
      ]),
    ).toEqual([
      ['x-100', 100],
      ['x-none', null],
    ]);
  });
});

describe('report sections', () => {
  it('are one with everything by default', () => {
    expect(parse(BASE).report).toEqual({
      title: 'study',
      text: '',
      sections: [
        {
          title: 'All experiments',
          text: '',
          experiments: ['cifarnet', 'resnet20-0.25', 'resnet20-0.1', 'resnet20-0'],
          charts: ['validationAccuracy', 'validationLoss', 'sweep', 'accuracyVsMacs', 'verdicts'],
          baseline: null,
        },
      ],
    });
  });

  it('find experiments by id, by the id of a sweep and by pattern, each only once', () => {
    expect(sections('{ title: s, runs: [resnet20] }')[0]?.experiments).toEqual([
      'resnet20-0.25',
      'resnet20-0.1',
      'resnet20-0',
    ]);
    expect(sections('{ title: s, runs: [resnet20-0, "*net*"] }')[0]?.experiments).toEqual([
      'resnet20-0',
      'cifarnet',
      'resnet20-0.25',
      'resnet20-0.1',
    ]);
    expect(sections('{ title: s, runs: ["resnet20-0.?"], charts: [sweep], baseline: resnet20-0.1 }')[0]).toEqual({
      title: 's',
      text: '',
      experiments: ['resnet20-0.1'],
      charts: ['sweep'],
      baseline: 'resnet20-0.1',
    });
  });

  it('take dots in patterns literally', () => {
    expect(failureOf(`${BASE}report: { sections: [{ title: s, runs: ["resnet20.0*"] }] }`).message).toContain(
      'no experiment matches',
    );
  });
});

describe('a mistake in a manifest', () => {
  it.each<
    [
      mistake: string,
      text: () => string,
      place: string,
      what: string,
      parts: { received?: string; allowed?: string; fix?: string },
    ]
  >([
    [
      'a misspelled key',
      () => edited('  maxEpochs', '  maxEpoch'),
      '5:3',
      'unknown setting "defaults.maxEpoch"',
      { received: '"maxEpoch": 5', fix: 'did you mean "maxEpochs"?' },
    ],
    [
      'a misspelled key of the manifest',
      () => edited('dataset:', 'datset:'),
      '2:1',
      'unknown setting "datset"',
      { fix: 'did you mean "dataset"?' },
    ],
    [
      'a misspelled key deep down',
      () => edited('learningRate', 'learningrate'),
      '4:28',
      'defaults: unknown setting "optimizer.learningrate"',
      {
        allowed: 'type, learningRate, beta1, beta2, epsilon, l2, decayBiasAndNorm',
        fix: 'did you mean "learningRate"?',
      },
    ],
    [
      'a misspelled key of a model without type',
      () =>
        withExperiment('')
          .replace('model: { type: cifarnet }', 'model: { dropot: 0.1 }')
          .replace('maxEpochs: 5', 'maxEpochs: 5, model: { type: cifarnet }'),
      '6:14',
      'experiment "x": unknown setting "model.dropot"',
      { fix: 'did you mean "dropout"?' },
    ],
    [
      'a setting of another optimizer',
      () => edited('2e-4 }', '2e-4, momentum: 0.9 }'),
      '4:48',
      'defaults: unknown setting "optimizer.momentum"',
      {},
    ],
    [
      'a wrong type',
      () => edited('maxEpochs: 5', 'maxEpochs: five'),
      '5:14',
      'defaults: "maxEpochs" has the wrong type',
      { received: '"five"', allowed: 'a whole number from 1 to 10000' },
    ],
    [
      'an empty value',
      () => edited('maxEpochs: 5', 'maxEpochs:'),
      '5:13',
      'defaults: "maxEpochs" has the wrong type',
      { received: 'null' },
    ],
    [
      'a fraction for a count',
      () => edited('maxEpochs: 5', 'maxEpochs: 5.5'),
      '5:14',
      'defaults: "maxEpochs" has the wrong type',
      { received: '5.5' },
    ],
    [
      'an unknown model',
      () => edited('type: resnet', 'type: resnt'),
      '10:20',
      'experiment "resnet20": unknown model',
      { received: '"resnt"', allowed: 'cifarnet, resnet', fix: 'did you mean "resnet"?' },
    ],
    [
      'an unknown source',
      () => edited('cifar10', 'cifar'),
      '2:20',
      'unknown source of a dataset',
      { allowed: 'cifar10, synthetic, image-folder', fix: 'did you mean "cifar10"?' },
    ],
    [
      'an unknown transform',
      () => withExperiment('augmentation: { transforms: [{ type: flip }] }'),
      '7:42',
      'experiment "x": unknown transform',
      { allowed: 'horizontalFlip, randomCrop, alternatingFlip, translate, cutout, grayscale, perspective, rotation' },
    ],
    [
      'an augmentation out of range',
      () => withExperiment('augmentation: { transforms: [{ type: rotation, degrees: 200 }] }'),
      '7:61',
      'experiment "x": "augmentation.transforms.0.degrees" is out of range',
      { received: '200', allowed: 'a number from 0 to 180' },
    ],
    [
      'a duplicate id',
      () => edited('id: resnet20', 'id: cifarnet'),
      '9:9',
      'the id "cifarnet" is used twice',
      { received: '"cifarnet", also on line 7' },
    ],
    [
      'an id that a sweep repeats',
      () => edited('id: cifarnet', 'id: resnet20-0.1'),
      '9:9',
      'the sweep of "resnet20" makes the id "resnet20-0.1", which is used twice',
      {},
    ],
    [
      'a duplicate value in a sweep',
      () => edited('[0.25, 0.1, 0]', '[0.1, 0.10]'),
      '11:12',
      'the sweep of "resnet20" makes the id "resnet20-0.1", which is used twice',
      { fix: 'remove one of the two values that are spelled alike' },
    ],
    [
      'a sweep over a setting that does not exist',
      () => edited('model.dropout2d', 'model.dropot2d'),
      '11:14',
      'experiment "resnet20": sweep over a setting that does not exist',
      {
        received: 'model.dropot2d',
        allowed: 'model.type, model.blocks, model.channels, model.dropout2d',
        fix: 'did you mean "model.dropout2d"?',
      },
    ],
    [
      'a sweep over an unknown setting',
      () => edited('model.dropout2d', 'dropout2d'),
      '11:14',
      'experiment "resnet20": sweep over a setting that does not exist',
      { received: 'dropout2d', fix: 'name a setting by its path, e.g. model.dropout2d' },
    ],
    [
      'a sweep over seeds',
      () => edited('model.dropout2d', 'seeds'),
      '11:14',
      'experiment "resnet20": seeds cannot be swept: they repeat one recipe',
      {},
    ],
    [
      'a swept value out of range',
      () => edited('0.25', '2.5'),
      '11:32',
      'experiment "resnet20": swept value: "model.dropout2d" is out of range',
      { received: '2.5', allowed: 'a number of at least 0 and below 1' },
    ],
    [
      'a sweep into a list that does not exist',
      () => edited('model.dropout2d', 'model.blocks.7'),
      '11:31',
      'experiment "resnet20": the sweep\'s path model.blocks.7 leads to something that does not exist',
      {},
    ],
    [
      'a sweep that is nested',
      () => edited('{ model.dropout2d: [0.25, 0.1, 0] }', '{ model: { dropout2d: [0, 1] } }'),
      '11:14',
      'experiment "resnet20": the sweep of model needs a list of values',
      { fix: 'write the path with dots: "model.dropout2d: [first, second, …]"' },
    ],
    [
      'a zip of unequal lengths',
      () => withExperiment('sweep: { zip: { batchSize: [1, 2], maxEpochs: [1, 2, 3] } }'),
      '7:14',
      'experiment "x": settings under zip advance together, but their lists differ in length',
      { received: 'batchSize: 2, maxEpochs: 3' },
    ],
    [
      'a sweep that sets one thing twice',
      () => withExperiment('sweep: { model: [{ dropout: 0 }], model.dropout: [0] }'),
      '7:39',
      'experiment "x": the sweep sets model.dropout twice',
      {},
    ],
    [
      'a sweep of too many points',
      () =>
        withExperiment(
          `sweep: { batchSize: [${Array.from({ length: 400 }, (_, i) => i + 1).join(',')}], maxEpochs: [${Array.from({ length: 400 }, (_, i) => i + 1).join(',')}] }`,
        ),
      '7:5',
      'experiment "x": with this experiment the manifest has 160000 points',
      {},
    ],
    [
      'a missing setting',
      () => withExperiment('earlyStopping: { monitor: validationLoss }'),
      '7:5',
      'experiment "x": the setting "earlyStopping.patience" is missing',
      { fix: 'write earlyStopping.patience in the experiment or in defaults' },
    ],
    [
      'a missing model',
      () => edited('    model: { type: cifarnet }\n', ''),
      '7:5',
      'experiment "cifarnet": the setting "model" is missing',
      { allowed: 'a map with type: cifarnet | resnet' },
    ],
    [
      'a missing type',
      () => withExperiment('augmentation: { transforms: [{ probability: 0.1 }] }'),
      '7:34',
      'experiment "x": the setting "augmentation.transforms.0.type" is missing',
      { allowed: 'horizontalFlip, randomCrop, alternatingFlip, translate, cutout, grayscale, perspective, rotation' },
    ],
    [
      'lists of different lengths',
      () => edited('[16, 32, 64]', '[16, 32]'),
      '10:57',
      'experiment "resnet20": 3 blocks and 2 channels',
      { received: 'model.channels: [16,32]' },
    ],
    [
      'replicas that do not divide a batch',
      () => withExperiment('replicas: 3'),
      '7:15',
      'experiment "x": 3 replicas cannot share a batch of 32 evenly: choose a divisor of batchSize',
      {},
    ],
    [
      'replicas of one image each',
      () => withExperiment('replicas: 32'),
      '7:15',
      'experiment "x": 32 replicas leave each a single image of a batch of 32, for which batch norm has no variance: choose at most batchSize / 2',
      {},
    ],
    [
      'more views than epochs',
      () => withExperiment('augmentation: { views: 9, transforms: [{ type: grayscale }] }'),
      '7:28',
      'experiment "x": 9 views cannot all be seen in maxEpochs 5: leave views out, or give at most maxEpochs',
      {},
    ],
    [
      'a warm-up longer than the training',
      () => withExperiment('schedule: { warmupEpochs: 9 }'),
      '7:31',
      'experiment "x": warmupEpochs 9 does not fit into maxEpochs 5',
      {},
    ],
    [
      'epochs that do not increase',
      () => withExperiment('schedule: { type: step, epochs: [4, 2] }'),
      '7:37',
      'experiment "x": epochs must increase',
      {},
    ],
    [
      'a duplicate seed',
      () => withExperiment('seeds: [1, 2, 1]'),
      '7:12',
      'experiment "x": a seed appears twice in the list',
      {},
    ],
    [
      'an image folder without test images',
      () => edited('{ source: cifar10 }', '{ source: image-folder, path: ./images, validation: 10 }'),
      '2:40',
      'an image folder takes its test split from one place: give either testPath or testImages',
      {},
    ],
    [
      'a duplicate key',
      () => edited('  maxEpochs: 5', '  maxEpochs: 5\n  maxEpochs: 6'),
      '6:3',
      '"maxEpochs" appears twice in one map',
      {},
    ],
    [
      'a list that does not end',
      () => edited('64]', '64'),
      '10:69',
      'this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      {},
    ],
    [
      'a tab as indentation',
      () => edited('  maxEpochs', '\tmaxEpochs'),
      '5:1',
      'this is not valid YAML: Tabs are not allowed as indentation',
      { received: 'maxEpochs: 5' },
    ],
    [
      'an unknown tag',
      () => edited('cifar10', '!secret cifar10'),
      '2:20',
      'this is not valid YAML: Unresolved tag: !secret',
      {},
    ],
    [
      'an alias without an anchor',
      () => edited('maxEpochs: 5', 'maxEpochs: *five'),
      '5:14',
      'the alias *five has no anchor',
      {},
    ],
    ['a key that is not a name', () => edited('  maxEpochs: 5', '  ? [a]\n  : 5'), '5:5', 'this key is not a name', {}],
    [
      'a key that would change the object',
      () => edited('  maxEpochs: 5', '  __proto__: { maxEpochs: 5 }'),
      '5:3',
      'this key is not a name',
      {},
    ],
    [
      'a bad id',
      () => edited('id: resnet20', 'id: ResNet 20'),
      '9:9',
      '"experiments.1.id" has the wrong format',
      { received: '"ResNet 20"' },
    ],
    [
      'a pattern without a match',
      () => `${BASE}report:\n  sections:\n    - { title: s, runs: [resnet-20*] }\n`,
      '14:26',
      'section "s": no experiment matches',
      { received: '"resnet-20*"', fix: 'did you mean "resnet20"' },
    ],
    [
      'a baseline outside the section',
      () => `${BASE}report:\n  sections:\n    - { title: s, runs: [resnet20], baseline: cifarnet }\n`,
      '14:47',
      'section "s": the baseline is not a single experiment of the section',
      { allowed: 'resnet20-0.25, resnet20-0.1, resnet20-0' },
    ],
    [
      'an unknown chart',
      () => `${BASE}report:\n  sections:\n    - { title: s, runs: [resnet20], charts: [verdict] }\n`,
      '14:46',
      '"report.sections.0.charts.0" is not one of the allowed values',
      { fix: 'did you mean "verdicts"?' },
    ],
    ['an empty file', () => '', '1:1', 'the manifest is empty', {}],
    ['text that is not a map', () => 'hello', '1:1', 'this has the wrong type', { received: '"hello"' }],
    [
      'two documents',
      () => `${BASE}---\nname: b\n`,
      '12:1',
      'this is not valid YAML: Source contains multiple documents; please use YAML.parseAllDocuments()',
      {},
    ],
  ])('(%s) is reported with its place, the value and what to change', (_mistake, text, place, what, parts) => {
    const failure = failureOf(text());
    expect(failure.parts.what).toBe(`m.yaml:${place}: ${what}`);
    if (parts.received !== undefined) expect(failure.parts.received).toBe(parts.received);
    if (parts.allowed !== undefined) expect(failure.parts.allowed).toBe(parts.allowed);
    if (parts.fix !== undefined) expect(failure.parts.fix).toContain(parts.fix);
  });

  it('is listed with the other mistakes, in the order of the file', () => {
    const failure = failureOf(
      edited('learningRate: 2e-4', 'learningRate: -1')
        .replace('maxEpochs: 5', 'maxEpochs: 0')
        .replace('type: cifarnet', 'type: cifernet'),
    );
    expect(failure.parts.what).toBe('m.yaml:4:42: defaults: "optimizer.learningRate" is out of range');
    expect(failure.parts.fix?.split('\n').slice(1)).toEqual([
      'Also wrong in this file:',
      '  m.yaml:5:14: defaults: "maxEpochs" is out of range (received 0; allowed: a whole number from 1 to 10000)',
      '  m.yaml:8:20: experiment "cifarnet": unknown model (received "cifernet"; did you mean "cifarnet"?)',
    ]);
  });

  it('that makes aliases multiply is refused at once', () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `  - &l${i + 1} [${Array.from({ length: 10 }, () => (i === 0 ? '1' : `*l${i}`)).join(', ')}]`,
    );
    const failure = failureOf(`name: t\ndefaults:\n${levels.join('\n')}\n`);
    expect(failure.parts.what).toContain('the aliases of this manifest multiply to too many values');
  });

  it('that puts an alias inside its own anchor is refused', () => {
    expect(failureOf('name: &a [*a]\n').parts.what).toBe('m.yaml:1:11: the alias *a is inside its own anchor');
  });

  it('of endless nesting is reported too', () => {
    expect(failureOf('['.repeat(20_000)).parts.what).toContain('m.yaml:');
  });
});

import { parseManifest, type Plan, planManifest, UserError } from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { describe, expect, it } from 'vitest';
import { vocabulary } from './vocabulary.ts';

const classes = ['a', 'b', 'c', 'd'];
const input = { imageShape: [32, 32, 3], classes: classes.length } as const;

async function planOf(text: string): Promise<Plan> {
  const fingerprint = {
    sha256: 'a'.repeat(64),
    trainImages: 60,
    testImages: 20,
    imageShape: input.imageShape,
    classes,
  };
  return planManifest(parseManifest(text, { fileName: 'm.yaml', vocabulary }), {
    sources: vocabulary.sources,
    fingerprint: async () => fingerprint,
    describeModel,
  });
}

const manifest = (experiment: string): string => `name: t
dataset: { source: cifar10, validation: 20 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 1 }
experiments:
  - id: a
    ${experiment}
`;

/** A manifest whose network has these layers from line 7 on, each in a line of its own. */
const network = (layers: readonly string[], more = ''): string =>
  manifest(
    ['model: { type: layers, layers: [', ...layers.map((layer) => `      ${layer},`), `      ] }${more}`].join('\n'),
  );

const idsOf = async (experiment: string) => (await planOf(manifest(experiment))).runs.map(({ runId }) => runId);

const RESNET20 = `model:
      type: layers
      layers:
        - &conv16 { type: conv2d, filters: 16, kernel: 3, padding: 1, bias: false, initializer: kaimingNormalFanOut }
        - batchNorm
        - relu
        - type: repeat
          times: 3
          layers:
            - { type: residual, branch: [*conv16, batchNorm, relu, *conv16, batchNorm] }
            - relu
        - type: residual
          branch:
            - &half32 { <<: *conv16, filters: 32, stride: 2 }
            - batchNorm
            - relu
            - &conv32 { <<: *half32, stride: 1 }
            - batchNorm
          shortcut: A
        - relu
        - type: repeat
          times: 2
          layers:
            - { type: residual, branch: [*conv32, batchNorm, relu, *conv32, batchNorm] }
            - relu
        - type: residual
          branch: [{ <<: *half32, filters: 64 }, batchNorm, relu, &conv64 { <<: *conv32, filters: 64 }, batchNorm]
          shortcut: A
        - relu
        - type: repeat
          times: 2
          layers:
            - { type: residual, branch: [*conv64, batchNorm, relu, *conv64, batchNorm] }
            - relu
        - globalAveragePool
        - { type: dense, units: classes }`;

const sweepOf = (setting: string) => `\n    sweep: { ${setting}: [8, 16] }`;
const parametersOf = async (text: string) =>
  (await planOf(text)).runs.map(({ recipe }) => describeModel(recipe.model, input).parameters);
const pointwiseParameters = (inputs: number, filters: number) => inputs * filters + filters;
const denseParameters = (inputs: number) => 4 * inputs + 4;
/** Parameters of VGG11's last two convolutions, which are one that is repeated, with their norms, and of its dense layer. */
const lastParameters = (filters: number) => (512 * 9 + 3 + filters * 9 + 3 + 4) * filters;

describe('a written network', () => {
  it('that a preset stands for shares its run, by name, written by hand, and as a plan records it', async () => {
    const byName = await planOf(manifest('model: resnet20'));
    const ids = byName.runs.map(({ runId }) => runId);
    expect(await idsOf(RESNET20)).toEqual(ids);
    expect(await idsOf('model: { type: resnet20 }')).toEqual(ids);
    expect(await idsOf(`model: ${JSON.stringify(byName.runs[0]!.recipe.model)}`)).toEqual(ids);
    expect(await idsOf('sweep: { model: [vgg11-bn, resnet20] }')).toContain(ids[0]);
  });

  it('is swept by the names of its layers, those of a preset and those inside a repeat included', async () => {
    const layers = [
      '{ type: conv2d, name: stem, filters: 8, kernel: 3 }',
      '{ type: repeat, times: 2, layers: [{ type: conv2d, name: body.conv, filters: 8, kernel: 1 }, relu] }',
      'globalAveragePool',
      '{ type: dense, units: classes }',
    ];
    const stem = 27 * 8 + 8;
    const plain = stem + 2 * pointwiseParameters(8, 8) + denseParameters(8);
    expect(await parametersOf(network(layers, sweepOf('model.layers.stem.filters')))).toEqual([
      plain,
      2 * stem + pointwiseParameters(16, 8) + pointwiseParameters(8, 8) + denseParameters(8),
    ]);
    expect(await parametersOf(network(layers, sweepOf('model.layers.body.conv.filters')))).toEqual([
      plain,
      stem + pointwiseParameters(8, 16) + pointwiseParameters(16, 16) + denseParameters(16),
    ]);
    const [narrow, wide] = await parametersOf(manifest(`model: vgg11-bn${sweepOf('model.layers.conv2d8.filters')}`));
    expect(wide! - narrow!).toBe(lastParameters(16) - lastParameters(8));
  });
});

/** What a misfit says: the layer at fault is in line 7, or in 8 after `flatten`. */
interface Misfit {
  readonly layers: readonly string[];
  readonly place?: string;
  readonly what: string;
  readonly received: string;
  readonly allowed: string;
  readonly fix: string;
}
const end = ['globalAveragePool', '{ type: dense, units: classes }'];
const flat = ['flatten', '{ type: dense, units: classes }'];
const afterFlatten = (layer: string, name: string, type: string): Misfit => ({
  layers: ['flatten', layer, '{ type: dense, units: classes }'],
  place: '8:7',
  what: `layer ${name}: ${type} takes a feature map`,
  received: 'an input of [3072]',
  allowed: '[height, width, channels]',
  fix: 'move it before the layer that ends the feature maps (flatten or globalAveragePool)',
});
const tooLarge = (type: string): Misfit => ({
  layers: [`{ type: ${type}, name: big, kernel: 35, padding: 1${type === 'conv2d' ? ', filters: 8' : ''} }`, ...end],
  what: `layer big: ${type}: its window is larger than its input`,
  received: 'an input of [32, 32, 3], kernel 35, padding 1',
  allowed: 'a kernel of at most 34 with this padding',
  fix: 'lower kernel, raise padding, or subsample less before it',
});
const tooPadded = (type: string): Misfit => ({
  layers: [`{ type: ${type}, kernel: 2, padding: 2 }`, ...end],
  what: `layer ${type}1: ${type}: its padding is more than half of its kernel`,
  received: 'kernel 2, padding 2, an input of [32, 32, 3]',
  allowed: 'padding of at most 1',
  fix: 'lower padding, or raise kernel',
});
const branch = (padding: number, shortcut: string, name: string): string =>
  `{ type: residual, name: ${name}, branch: [{ type: conv2d, filters: 8, kernel: 3, padding: ${padding} }], shortcut: ${shortcut} }`;

const misfits: Readonly<Record<string, Misfit>> = {
  'a convolution of features': afterFlatten('{ type: conv2d, name: c, filters: 8, kernel: 3 }', 'c', 'conv2d'),
  'a max pool of features': afterFlatten('{ type: maxPool, kernel: 2 }', 'maxPool1', 'maxPool'),
  'an average pool of features': afterFlatten('{ type: averagePool, kernel: 2 }', 'averagePool1', 'averagePool'),
  'a global pool of features': afterFlatten('globalAveragePool', 'globalAveragePool1', 'globalAveragePool'),
  'whole channels dropped of features': afterFlatten('dropout2d', 'dropout2d1', 'dropout2d'),
  'a kernel larger than its input': tooLarge('conv2d'),
  'a max pool larger than its input': tooLarge('maxPool'),
  'an average pool larger than its input': tooLarge('averagePool'),
  'a max pool in the padding alone': tooPadded('maxPool'),
  'an average pool in the padding alone': tooPadded('averagePool'),
  'a dense layer of a feature map': {
    layers: ['{ type: dense, units: classes }'],
    what: 'layer dense1: dense takes [features]',
    received: 'an input of [32, 32, 3]',
    allowed: '[features]',
    fix: 'write flatten or globalAveragePool before it',
  },
  'groups that do not divide': {
    layers: ['{ type: conv2d, name: dw, filters: 6, kernel: 3, groups: 4 }', ...end],
    what: 'layer dw: conv2d: its groups do not divide the channels of its input and its filters',
    received: 'an input of [32, 32, 3], filters 6, groups 4',
    allowed: 'groups 1, 3',
    fix: 'change groups, or the filters of this layer or of the one before it',
  },
  'a depthwise convolution of other filters': {
    layers: ['{ type: conv2d, name: dw, filters: 4, kernel: 3, groups: 3 }', ...end],
    what: 'layer dw: conv2d: its groups do not divide the channels of its input and its filters',
    received: 'an input of [32, 32, 3], filters 4, groups 3',
    allowed: 'groups 1',
    fix: 'for a depthwise convolution, write filters: 3 or a multiple of it',
  },
  'a branch of another shape': {
    layers: [branch(1, 'identity', 'r'), ...end],
    what: 'layer r: residual: its branch and its shortcut give different shapes',
    received: 'an input of [32, 32, 3], of which the branch makes [32, 32, 8] and the shortcut [32, 32, 3]',
    allowed: 'one shape',
    fix: 'keep the shape in the branch, or write shortcut: A, shortcut: B, or layers that make the same shape',
  },
  'shortcut A over an odd difference': {
    layers: [branch(1, 'A', 'r'), ...end],
    what: 'layer r: residual: shortcut A pads or crops the same number of channels on each side',
    received: '3 channels, of which the branch makes 8',
    allowed: 'an even difference',
    fix: 'change the filters of the branch, or write shortcut: B',
  },
  'shortcut B over a size that no stride makes': {
    layers: [branch(0, 'B', 'r'), ...end],
    what: 'layer r: residual: no stride of shortcut B makes the shape of its branch',
    received: 'an input of [32, 32, 3], of which the branch makes [30, 30, 8]',
    allowed: 'a branch whose height and width are those of the input divided by one stride, rounded up',
    fix: 'pad the convolutions of the branch (kernel 3 with padding 1), or write the shortcut as layers',
  },
  'an end in feature maps': {
    layers: ['relu'],
    what: 'layer relu1: the network does not end in one output per class',
    received: 'an output of [32, 32, 3] for 4 classes',
    allowed: '[4]',
    fix: 'end with globalAveragePool or flatten, and a dense layer of units: classes',
  },
  'an end in fewer outputs than classes': {
    layers: ['flatten', '{ type: dense, units: 3 }'],
    place: '8:7',
    what: 'layer dense1: the network does not end in one output per class',
    received: 'an output of [3] for 4 classes',
    allowed: '[4]',
    fix: 'end with a dense layer of units: classes',
  },
};

async function failureOf(text: string): Promise<UserError['parts']> {
  const failure: unknown = await planOf(text).catch((error: unknown) => error);
  if (failure instanceof UserError) return failure.parts;
  throw failure instanceof Error ? failure : new Error('the manifest was accepted');
}

describe('a network that does not fit', () => {
  it.each(Object.entries(misfits))('(%s) names the layer, its input and what would fit', async (_name, misfit) => {
    const { layers, place = '7:7', what, ...rest } = misfit;
    expect(await failureOf(network(layers))).toMatchObject({
      what: `m.yaml:${place}: experiment "a": ${what}`,
      ...rest,
    });
  });

  it('inside a repeat names the turn; by a swept value, the layer that the value broke', async () => {
    const shrinking = ['{ type: repeat, times: 9, layers: [{ type: maxPool, name: half, kernel: 2 }] }', ...end];
    expect(await failureOf(network(shrinking))).toMatchObject({
      what: 'm.yaml:7:42: experiment "a": layer half.6: maxPool: its window is larger than its input',
      received: 'an input of [1, 1, 3], kernel 2, padding 0',
    });
    const swept = network(
      ['{ type: conv2d, name: c, filters: 8, kernel: 3 }', ...end],
      '\n    sweep: { model.layers.c.kernel: [3, 50] }',
    );
    expect((await failureOf(swept)).what).toMatch(/experiment "a-50": layer c: conv2d: its window is larger/);
  });
});

const repeat = (times: number, layers: string) => `{ type: repeat, times: ${times}, layers: [${layers}] }`;

describe('a mistake in a written network', () => {
  const tooLong =
    'experiment "a": with its repeats written out, the network has 1,000,002 layers: ' +
    'lower "times" to at most 10,000 layers in all';
  const layerTypes =
    'averagePool, batchNorm, conv2d, dense, dropout, dropout2d, flatten, gelu, globalAveragePool, maxPool, relu, ' +
    'relu6, scale, silu, tanh, residual, repeat';
  it.each<[string, text: string, parts: { what: string } & Partial<UserError['parts']>]>([
    [
      'a repeat of a million layers',
      network([repeat(1_000_000, 'relu'), ...flat]),
      { what: `m.yaml:7:30: ${tooLong}`, received: 'model.layers.0.times: 1000000' },
    ],
    [
      'repeats that multiply',
      network([repeat(1000, repeat(1000, 'relu')), ...flat]),
      { what: `m.yaml:7:30: ${tooLong}`, received: 'model.layers.0.times: 1000' },
    ],
    [
      'a sweep over a missing layer',
      network(
        ['{ type: conv2d, name: conv1, filters: 8, kernel: 3 }', ...end],
        '\n    sweep: { model.layers.conf1.filters: [8] }',
      ),
      {
        what: 'm.yaml:11:14: experiment "a": sweep over a layer that does not exist: "conf1"',
        received: 'model.layers.conf1.filters',
        allowed: 'conv1, globalAveragePool1, dense1',
        fix: 'did you mean "conv1"?',
      },
    ],
    [
      'a sweep over a missing setting of a layer',
      network(
        ['{ type: conv2d, name: conv1, filters: 8, kernel: 3 }', ...end],
        '\n    sweep: { model.layers.conv1.filter: [8] }',
      ),
      {
        what: 'm.yaml:11:14: experiment "a": sweep over a setting that does not exist',
        received: 'model.layers.conv1.filter',
      },
    ],
    [
      'an unknown type of layer',
      network(['{ type: conf2d, filters: 8, kernel: 3 }', ...end]),
      {
        what: 'm.yaml:7:15: experiment "a": unknown layer',
        received: '"conf2d"',
        allowed: layerTypes,
        fix: 'did you mean "conv2d"?',
      },
    ],
    [
      'an unknown type inside',
      network([`{ type: residual, branch: [${repeat(2, 'rellu')}] }`, ...end]),
      { what: 'm.yaml:7:69: experiment "a": unknown layer', received: '"rellu"', allowed: layerTypes },
    ],
    [
      'an unknown setting of a layer',
      network(['{ type: conv2d, filter: 8, kernel: 3 }', ...end]),
      {
        what: 'm.yaml:7:23: experiment "a": unknown setting "model.layers.0.filter"',
        allowed: 'type, name, filters, kernel, padding, stride, groups, bias, initializer',
        fix: 'did you mean "filters"?',
      },
    ],
    [
      'two layers of one name',
      network(['{ type: conv2d, name: c, filters: 8, kernel: 3 }', '{ type: batchNorm, name: c }', ...end]),
      {
        what: 'm.yaml:8:7: experiment "a": two layers are called "c" (the other is model.layers.0): give each a name of its own',
        received: 'model.layers.1: {"type":"batchNorm","name":"c"}',
      },
    ],
    [
      'a name that another layer has by its number',
      network(['{ type: relu, name: gelu1 }', 'gelu', ...flat]),
      {
        what: 'm.yaml:8:7: experiment "a": two layers are called "gelu1" (the other is model.layers.0): give each a name of its own',
        received: 'model.layers.1: {"type":"gelu"}',
      },
    ],
    [
      'an unknown preset',
      manifest('model: resnet21'),
      { what: 'm.yaml:6:12: experiment "a": unknown model', received: '"resnet21"' },
    ],
    [
      'a preset with settings',
      manifest('model: { type: resnet20, dropout2d: 0.1 }'),
      { what: 'm.yaml:6:30: experiment "a": unknown setting "model.dropout2d"', allowed: 'type' },
    ],
  ])('(%s) is one message with its line and what to change', async (_mistake, text, parts) => {
    const failure = await failureOf(text);
    expect(failure).toMatchObject(parts);
    expect(failure.fix ?? '').not.toContain('Also wrong');
  });
});

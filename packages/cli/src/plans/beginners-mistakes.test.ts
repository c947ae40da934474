import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@bakeoff/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planManifestFile, type SourceOptions } from './load-plan.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bakeoff-mistakes-'));
  for (const name of ['pictures/cat', 'pictures/dog']) {
    await mkdir(join(root, name), { recursive: true });
    for (let i = 0; i < 10; i++) await writeFile(join(root, name, `${i}.png`), `${name} ${i}`);
  }
});
afterAll(() => rm(root, { recursive: true }));

const planned = async (text: string, options: Partial<SourceOptions> = {}) => {
  const path = join(root, 'first.yaml');
  await writeFile(path, text);
  const context = { log: () => undefined, signal: new AbortController().signal };
  return planManifestFile(path, { cache: root, ...options }, context);
};

/** The message for a manifest, with the folder left out. */
async function messageOf(text: string, options?: Partial<SourceOptions>): Promise<string> {
  const error: unknown = await planned(text, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(`${root}/`, '');
}

const FIRST = `name: first
dataset: { source: synthetic }
experiments:
  - id: a
    model: resnet20
`;

describe('ten mistakes of beginners, each with one message that says what to change', () => {
  it.each<[mistake: string, text: string, message: readonly string[], options?: Partial<SourceOptions>]>([
    [
      'a name with a space',
      FIRST.replace('first', 'My First'),
      ['first.yaml:1:7: "name" has the wrong format', 'received: "My First"', 'change name to "my-first"'],
    ],
    [
      'a source that is almost right',
      FIRST.replace('synthetic', 'cifar-100'),
      ['first.yaml:2:20: unknown source of a dataset', 'did you mean "cifar100"'],
    ],
    [
      'a model that is almost right',
      FIRST.replace('resnet20', 'resnet-21'),
      ['first.yaml:5:12: experiment "a": unknown model', 'did you mean "resnet20"'],
    ],
    [
      'a setting under a name of another library',
      `${FIRST}    optimizer: { learning_rate: 0.1 }\n`,
      ['first.yaml:6:18: experiment "a": unknown setting "optimizer.learning_rate"', 'did you mean "learningRate"?'],
    ],
    [
      'a chart by a part of its name',
      `${FIRST}report: { sections: [{ title: s, runs: [a], charts: [accuracy] }] }\n`,
      ['first.yaml:6:54: "report.sections.0.charts.0"', 'did you mean "validationAccuracy"'],
    ],
    [
      'text in the place of a number',
      `${FIRST}    maxEpochs: ten\n`,
      ['first.yaml:6:16: experiment "a": "maxEpochs" has the wrong type', 'a whole number from 1 to 10000'],
    ],
    [
      'a folder that is almost right',
      FIRST.replace('{ source: synthetic }', '{ source: image-folder, path: picturs }'),
      ['first.yaml:2:40: cannot read the image folder', 'picturs', 'did you mean "pictures"?'],
    ],
    [
      'more validation images than there are',
      FIRST.replace('synthetic', 'synthetic, images: 500'),
      ['first.yaml:4:5: the dataset has too few images for this split', 'lower dataset.validation'],
    ],
    [
      'an experiment in the report that does not exist',
      `${FIRST.replace('id: a', 'id: base')}report: { sections: [{ title: s, runs: [bsae] }] }\n`,
      ['first.yaml:6:41: section "s": no experiment matches', 'did you mean "base"?'],
    ],
    [
      'a value of --set that is not allowed',
      FIRST,
      ['--set maxEpochs: "maxEpochs" is out of range', 'received: 0', 'a whole number from 1 to 10000'],
      { set: ['maxEpochs=0'] },
    ],
  ])('%s', async (_mistake, text, message, options) => {
    const said = await messageOf(text, options);
    for (const part of message) expect(said).toContain(part);
    expect(said.match(/^ {2}change: {3}/gm)).toHaveLength(1);
  });

  it('tells mistakes of names, values, splits and networks in one message', async () => {
    const said = await messageOf(`name: first
dataset: { source: synthetic, validation: 9000 }
defaults: { batchSize: 0, optimiser: { type: sgd } }
experiments:
  - { id: a, model: { type: resnet18, outputs: 5 } }
  - { id: b, modle: resnet20 }
  - { id: c, model: vgg16 }
report: { sections: [{ title: s, runs: [a, d], charts: [verdict] }] }
`);
    for (const part of [
      'first.yaml:3:24: defaults: "batchSize" is out of range',
      'unknown setting "defaults.optimiser"',
      'unknown setting "experiments.1.modle"',
      'experiment "c": unknown model',
      'section "s": no experiment matches',
      '"report.sections.0.charts.0" is not one of the allowed values',
    ])
      expect(said).toContain(part);
    // What follows from a misspelled name is not said again.
    expect(said).not.toMatch(/missing|sections\.0\.runs/);
    // Experiments that are right but for the dataset are planned, too.
    const split = await messageOf(
      FIRST.replace('synthetic', 'synthetic, validation: 9000').concat('    maxEpoch: 1\n'),
    );
    expect(split).toContain('unknown setting "experiments.0.maxEpoch"');
    expect(split).toContain('the dataset has too few images for this split');
  });
});

describe('settings of the command line', () => {
  it('hold for every experiment, over what the manifest says, and are told in the plan', async () => {
    const text = `${FIRST}    seeds: [7]\n    maxEpochs: 9\n  - { id: b, model: cifarnet, sweep: { model.dropout: [0, 0.1] } }\n`;
    const plan = await planned(text, { set: ['maxEpochs=2', 'optimizer={ type: sgd }', 'name=quick'], seeds: '2' });
    expect(plan.name).toBe('quick');
    expect(plan.runs.map(({ seed, recipe }) => [seed, recipe.maxEpochs, recipe.optimizer.type])).toEqual(
      Array.from({ length: 6 }, (_, i) => [1 + (i % 2), 2, 'sgd']),
    );
    expect(plan.manifest.text).toMatch(/\n# Changed: --set maxEpochs=2 .*--seeds 2\n$/);
  });

  it('make the runs that the manifest would make, were it written so', async () => {
    const changed = await planned(FIRST, { set: ['maxEpochs=3', 'model.dropout2d=0.2', 'model=cifarnet'], seeds: '3' });
    const written = await planned(`${FIRST.replace('resnet20', 'cifarnet')}    maxEpochs: 3\n    seeds: [1, 2, 3]\n`);
    expect(changed.runs.map(({ runId }) => runId)).toEqual(written.runs.map(({ runId }) => runId));
  });

  it.each([
    [['maxEpoch=1'], /--set maxEpoch: there is no such setting[^]*did you mean "maxEpochs"/],
    [['maxEpochs'], /--set gives a setting a value/],
    [['maxEpochs=[1'], /the value is not valid YAML/],
    [['model.dropout2d=1'], /--set model.dropout2d: experiment "a": "model.dropout2d" is out of range/],
    [['optimizer.learningRate=0.1'], /--set optimizer.learningRate: experiment "a": optimizer.learningRate varies/],
  ])('%j is refused in one message', async (set, message) => {
    const text = FIRST.replace('resnet20', 'cifarnet\n    sweep: { optimizer.learningRate: [0.1, 0.2] }');
    expect(await messageOf(text, { set })).toMatch(message);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelCost, UserError } from '@bakeoff/core';
import { architectures } from '@bakeoff/model/architectures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainStyle } from '../progress/style.ts';
import type { CommandContext } from './command-context.ts';
import { type CostOptions, costCommand } from './cost-command.ts';
import type { ListedModel } from './list-models.ts';

const MANIFEST = `name: own
dataset: { source: synthetic, images: 60, testImages: 20, validation: 20 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 1 }
experiments:
  - id: depthwise
    model:
      type: layers
      layers:
        - { type: conv2d, name: stem, filters: 8, kernel: 3, padding: 1, bias: false }
        - type: repeat
          times: 2
          layers:
            - type: residual
              name: block
              branch: [{ type: conv2d, filters: 8, kernel: 3, padding: 1, groups: 8, bias: false }, batchNorm]
            - relu
        - globalAveragePool
        - { type: dense, units: classes }
  - id: resnet20
    model: resnet20
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-cost-'));
  await writeFile(join(folder, 'm.yaml'), MANIFEST);
});
afterAll(() => rm(folder, { recursive: true }));

async function cost(subject?: string, experiment?: string, options: Partial<CostOptions> = {}): Promise<string> {
  const lines: string[] = [];
  const context = {
    output: { write: (text: string) => lines.push(text) },
    style: plainStyle,
    log: () => undefined,
    signal: new AbortController().signal,
  } as unknown as CommandContext;
  await costCommand(subject, experiment, { cache: folder, ...options }, context);
  return lines.join('');
}

describe('bakeoff cost', () => {
  it('without an argument lists every preset and architecture, and says which ResNet is whose', async () => {
    const text = await cost();
    expect(text).toMatch(/^\{ type: resnet, blocks: \[3, 3, 3\], channels: \[16, 32, 64\] \} +270,410 +40,551,040$/m);
    expect(text).toMatch(/^resnet20 +269,722 +40,551,040$/m);
    expect(text).toMatch(/^\{ type: resnet18, stem: cifar \} +11,173,962 +555,422,720$/m);
    expect(text).toMatch(/^resnet: The study's residual networks: biases in convolutions/m);
    expect(text).toMatch(/^resnet20, resnet32, resnet44, resnet56, resnet110: He et al\. 2016: no bias/m);
    const { models } = JSON.parse(await cost(undefined, undefined, { json: true })) as { models: ListedModel[] };
    expect(models.map(({ model }) => model.type)).toEqual(
      expect.arrayContaining(Object.keys(architectures).filter((type) => type !== 'layers')),
    );
    expect(models.filter(({ about }) => about === '')).toEqual([]);
  });

  it('of a preset prints its layers, its total and whose it is', async () => {
    const text = await cost('mobilenet-v2');
    expect(text).toMatch(/^conv2d52 +conv2d +4×4×1280 +409,600 /m);
    expect(text).toMatch(/^total +2,236,682 +87,976,448 /m);
    expect(text).toContain('Sandler et al. 2018');
    expect(await cost('{ type: resnet20 }')).toBe(await cost('resnet20'));
  });

  it("of an experiment prints a manifest's own network like a built-in one", async () => {
    const text = await cost(join(folder, 'm.yaml'), 'depthwise');
    expect(text).toMatch(/^stem +conv2d +32×32×8 +216 +221,184 /m);
    expect(text).toMatch(/^conv2d3 +conv2d +32×32×8 +72 +73,728 /m);
    expect(text).toMatch(/^block\.2\.add +residual +32×32×8 +0 /m);
    const parameters = 216 + 2 * (72 + 16) + 90;
    expect(text).toMatch(new RegExp(`^total +${parameters} +368,720 `, 'm'));
    const { cost: sum } = JSON.parse(await cost(join(folder, 'm.yaml'), 'depthwise', { json: true })) as {
      cost: ModelCost;
    };
    expect(sum.parameters).toBe(parameters);
    expect(await cost(join(folder, 'm.yaml'))).toMatch(new RegExp(`^depthwise +1 +${parameters} `, 'm'));
  });

  it('of a model that needs settings answers with a call that works', async () => {
    const error: unknown = await cost('resnet').catch((reason: unknown) => reason);
    const [, example = ''] = /bakeoff cost '(.*)'/.exec((error as UserError).message) ?? [];
    expect(await cost(example)).toMatch(/^total .*270,410/m);
  });

  it('lists the seeds of one recipe in one row', async () => {
    const path = join(folder, 'seeds.yaml');
    await writeFile(path, MANIFEST.replace('maxEpochs: 1', 'maxEpochs: 1, seeds: [1, 2, 7]'));
    const text = await cost(path);
    expect(text.match(/^resnet20 /gm)).toHaveLength(1);
    expect(text).toMatch(/^resnet20 +1, 2, 7 +269,722 /m);
    const { runs } = JSON.parse(await cost(path, undefined, { json: true })) as { runs: { seed: number }[] };
    expect(runs.map(({ seed }) => seed)).toEqual([1, 2, 7, 1, 2, 7]);
  });

  it('of a manifest takes changed settings; of a model refuses them', async () => {
    const path = join(folder, 'm.yaml');
    const flops = async (options: Partial<CostOptions>) => {
      const { runs } = JSON.parse(await cost(path, undefined, { json: true, ...options })) as {
        runs: { trainingFlops: number }[];
      };
      return runs.map(({ trainingFlops }) => trainingFlops);
    };
    const [first] = await flops({});
    expect((await flops({ set: ['maxEpochs=3'], seeds: '2' })).slice(0, 2)).toEqual([3 * first!, 3 * first!]);
    for (const subject of ['resnet20', undefined])
      await expect(cost(subject, undefined, { seeds: '2' })).rejects.toThrow(
        /change the settings of a manifest; a model/,
      );
  });

  it('refuses an unknown experiment, and an experiment without its manifest', async () => {
    const failure = await cost(join(folder, 'm.yaml'), 'resnet2').catch((error: unknown) => error as UserError);
    expect((failure as UserError).parts).toMatchObject({
      allowed: 'depthwise, resnet20',
      fix: 'did you mean resnet20?',
    });
    await expect(cost('resnet20', 'a')).rejects.toThrow(UserError);
  });

  it('of a written network that does not fit names the layer', async () => {
    await expect(cost('{ type: layers, layers: [{ type: dense, units: classes }] }')).rejects.toThrow(
      /layer dense1: dense takes \[features\]/,
    );
  });
});

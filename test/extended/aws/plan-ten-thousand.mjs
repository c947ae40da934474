// Plans 10,000 runs and prints the CPU seconds this took, without the start of this process.
import { planManifest, parseManifest } from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { vocabulary } from '../../../packages/cli/src/plans/vocabulary.ts';

const values = (count, of) => Array.from({ length: count }, (_, i) => of(i)).join(', ');
const text = `name: ten-thousand
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, batchSize: 32, maxEpochs: 20 }
experiments:
  - id: grid
    model: { type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }
    sweep:
      model.dropout2d: [${values(100, (i) => i / 200)}]
      optimizer.learningRate: [${values(100, (i) => (i + 1) / 10_000)}]
`;
const before = process.cpuUsage();
const plan = await planManifest(parseManifest(text, { fileName: 'grid.yaml', vocabulary }), {
  sources: vocabulary.sources,
  fingerprint: async () => ({
    sha256: '0'.repeat(64),
    trainImages: 50_000,
    testImages: 10_000,
    classes: Array.from({ length: 10 }, (_, i) => String(i)),
    imageShape: [32, 32, 3],
  }),
  describeModel,
});
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ runs: plan.runs.length, processorSeconds: (user + system) / 1e6 }));

import { expect, it } from 'vitest';
import { fitSeconds } from './fit-seconds.ts';

const sizes = [
  { macs: 5e6, activationBytes: 3e5, convolutionWeights: 3e5, batchSize: 32 },
  { macs: 40e6, activationBytes: 15e5, convolutionWeights: 27e4, batchSize: 32 },
  { macs: 390e6, activationBytes: 38e5, convolutionWeights: 27e5, batchSize: 16 },
  { macs: 150e6, activationBytes: 13e5, convolutionWeights: 92e5, batchSize: 16 },
];

it('finds what an image takes for each multiply-accumulate, activation and weight', () => {
  const truth = ({ macs, activationBytes, convolutionWeights, batchSize }: (typeof sizes)[number]): number =>
    4e-11 * macs + 6e-10 * activationBytes + 3e-8 * (convolutionWeights / batchSize);
  const fitted = fitSeconds(sizes.map((size) => ({ ...size, seconds: truth(size) })));
  const other = { macs: 80e6, activationBytes: 9e6, convolutionWeights: 2e6, batchSize: 128 };
  expect(fitted(other)).toBeCloseTo(truth(other), 12);
});

it('takes one network to stand for all, in proportion to their MACs', () => {
  const [, resnet, wide] = sizes as [object, (typeof sizes)[number], (typeof sizes)[number]];
  expect(fitSeconds([{ ...resnet, seconds: 0.003 }])(wide)).toBeCloseTo((0.003 * wide.macs) / resnet.macs, 12);
});

it('leaves out what seems to make images faster: more work never takes less time', () => {
  const fitted = fitSeconds(
    sizes.map((size) => ({ ...size, seconds: 5e-11 * size.macs - 1e-11 * size.activationBytes })),
  );
  const [small] = sizes as [(typeof sizes)[number]];
  expect(fitted({ ...small, activationBytes: 1e9 })).toBeGreaterThanOrEqual(fitted(small));
  expect(fitted({ ...small, convolutionWeights: 1e9 })).toBeGreaterThanOrEqual(fitted(small));
});

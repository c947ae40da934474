import type { CifarDialect } from './cifar-dialect.ts';

export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/**
 * Krizhevsky, "Learning multiple layers of features from tiny images" (2009), the binary version as its author offers
 * it; MD5 c32a1d4ab5d03f1284b67883e8d87530.
 */
export const CIFAR10 = {
  name: 'CIFAR-10',
  official: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    fileName: 'cifar-10-binary.tar.gz',
    bytes: 170_052_171,
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  },
  trainingFiles: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  testFile: 'test_batch.bin',
  fileImages: 10_000,
  labels: [{ name: 'label', classes: 10 }],
  label: 0,
  classes: CIFAR10_CLASSES,
  advice:
    'use the complete binary version of CIFAR-10 (cifar-10-binary.tar.gz, six batch files of 30,730,000 bytes); replace a damaged copy',
  others: { 'train.bin': 'cifar100' },
} as const satisfies CifarDialect;

/** Where an archive is and how to recognize it. */
export interface RemoteArchive {
  readonly url: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Krizhevsky, "Learning multiple layers of features from tiny images" (2009), the binary version as its author offers
 * it; MD5 c32a1d4ab5d03f1284b67883e8d87530.
 */
export const OFFICIAL_ARCHIVE: RemoteArchive = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  fileName: 'cifar-10-binary.tar.gz',
  bytes: 170_052_171,
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
};

export const CIFAR10_SHAPE = [32, 32, 3] as const;

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

/** The archive's batch files: 10,000 records each of a label and 1,024 red, green and blue values, row by row. */
export const TRAINING_BATCHES = [
  'data_batch_1.bin',
  'data_batch_2.bin',
  'data_batch_3.bin',
  'data_batch_4.bin',
  'data_batch_5.bin',
] as const;
export const TEST_BATCH = 'test_batch.bin';
export const BATCH_IMAGES = 10_000;

export const ARCHIVE_ADVICE =
  'use the complete binary version of CIFAR-10 (cifar-10-binary.tar.gz, six batch files of 30,730,000 bytes); replace a damaged copy';

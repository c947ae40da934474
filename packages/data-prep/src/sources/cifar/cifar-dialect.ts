import type { RemoteArchive } from '../archives/remote-archive.ts';

/** Height, width, channels of both. */
export const CIFAR_SHAPE = [32, 32, 3] as const;
/** A record's 1,024 red, green and blue values, row by row. */
export const PIXEL_BYTES = 3072;

/** One of the layouts of Krizhevsky's binary archives: files of records, each of some label bytes and the pixels. */
export interface CifarDialect {
  readonly name: string;
  readonly official: RemoteArchive;
  /** In the order of ids. */
  readonly trainingFiles: readonly string[];
  readonly testFile: string;
  /** Records of each file; null: as many as it has. */
  readonly fileImages: number | null;
  /** What the label bytes before the pixels are, with the number of classes of each. */
  readonly labels: readonly { readonly name: string; readonly classes: number }[];
  /** Which of them is the label. */
  readonly label: number;
  readonly classes: readonly string[];
  /** What to give instead of a wrong archive. */
  readonly advice: string;
  /** The source whose archive has a file of this name, if it is not this one. */
  readonly others: Readonly<Record<string, string>>;
}

export function recordBytes({ labels }: Pick<CifarDialect, 'labels'>): number {
  return labels.length + PIXEL_BYTES;
}

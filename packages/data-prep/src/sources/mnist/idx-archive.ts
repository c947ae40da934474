import { canonicalJson, sha256 } from '@bakeoff/core';
import type { RemoteArchive } from '../archives/remote-archive.ts';

/** What the four files hold; the order of a digest over all. */
export const IDX_ROLES = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
export type IdxRole = (typeof IDX_ROLES)[number];

/** Names without `.gz`. */
export const IDX_NAMES: Readonly<Record<IdxRole, string>> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** Height, width, channels. */
export const IDX_SHAPE = [28, 28, 1] as const;

/** A data set in MNIST's layout. */
export interface IdxArchive {
  readonly name: string;
  /** Its name in the manifest, and in the cache folder. */
  readonly source: string;
  readonly files: Readonly<Record<IdxRole, RemoteArchive>>;
  readonly classes: readonly string[];
}

type Known = Readonly<Record<IdxRole, readonly [bytes: number, sha256: string]>>;

function filesAt(base: string, known: Known): IdxArchive['files'] {
  return Object.fromEntries(
    IDX_ROLES.map((role): [IdxRole, RemoteArchive] => {
      const fileName = `${IDX_NAMES[role]}.gz`;
      const [bytes, sha256] = known[role];
      return [role, { url: `${base}${fileName}`, fileName, bytes, sha256 }];
    }),
  ) as IdxArchive['files'];
}

/**
 * LeCun, Cortes and Burges, at the mirror that torchvision uses. MD5: f68b3c2dcbeaaa9fbdd348bbdeb94873,
 * d53e105ee54ea40749a09fcbcd1e9432, 9fb629c4189551a2d022fa330f9573f3, ec29112dd5afa0611ce80d1b7f02629c.
 */
export const MNIST: IdxArchive = {
  name: 'MNIST',
  source: 'mnist',
  files: filesAt('https://ossci-datasets.s3.amazonaws.com/mnist/', {
    trainImages: [9_912_422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
    trainLabels: [28_881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
    testImages: [1_648_877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
    testLabels: [4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
  }),
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
};

/**
 * Xiao, Rasul and Vollgraf 2017, where they offer it. MD5: 8d4fb7e6c68d591d4c3dfef9ec88bf0d,
 * 25c81989df183df01b3e8a0aad5dffbe, bef4ecab320f06d8554ea6380940ec79, bb300cfdad3c16e7a12a480ee83cd310.
 */
export const FASHION_MNIST: IdxArchive = {
  name: 'Fashion-MNIST',
  source: 'fashion-mnist',
  files: filesAt('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/', {
    trainImages: [26_421_880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
    trainLabels: [29_515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
    testImages: [4_422_102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
    testLabels: [5148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
  }),
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
};

/** One digest for the four files, by those of each. */
export function digestOfFiles(digests: Readonly<Record<IdxRole, string>>): string {
  return sha256(canonicalJson(IDX_ROLES.map((role) => [IDX_NAMES[role], digests[role]])));
}

export function officialSha256({ files }: IdxArchive): string {
  const digests = Object.fromEntries(IDX_ROLES.map((role) => [role, files[role].sha256]));
  return digestOfFiles(digests as Record<IdxRole, string>);
}

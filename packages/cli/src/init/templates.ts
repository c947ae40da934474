import type { FolderSurvey } from '@bakeoff/data-prep';
import { count } from '@bakeoff/statistics/formats';
import { shippedManifest } from './shipped-manifest.ts';
import type { TemplateName } from './template-names.ts';

/** What a new manifest is about: a source that needs no settings, or a folder of pictures as its manifest names it. */
export type Images = { readonly source: string } | ({ readonly folder: FolderSurvey } & Paths);

interface Paths {
  /** Relative to the manifest's folder. */
  readonly path: string;
  readonly testPath: string | undefined;
}

interface Template {
  /** One line for the question. */
  readonly about: string;
  /** Of which images it is; `own`: those of the manifest that ships. */
  readonly images: 'own' | 'folder' | 'any';
  /** The text of a manifest called `name`. */
  write(name: string, images: Images): string;
}

export const DEFAULT_TEMPLATE = 'quickstart' satisfies TemplateName;
export const DEFAULT_SOURCE = 'cifar10';
const SHOWN_CLASSES = 20;
/** Sizes of images that train in minutes on a laptop. */
const SIZES = [28, 32, 48, 64];

/** A text in YAML: plain where that is safe. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : JSON.stringify(text));

function folderLines({ folder, path, testPath }: Extract<Images, { folder: FolderSurvey }>): string[] {
  const { classes, medianSide, gray } = folder;
  const all = classes.reduce((sum, { images }) => sum + images, 0);
  const shown = classes.slice(0, SHOWN_CLASSES).map(({ name, images }) => `#   ${name}: ${count(images)}`);
  const more = classes.length - shown.length;
  const size = SIZES.findLast((side) => side <= medianSide) ?? SIZES[0]!;
  const settings = [
    'source: image-folder',
    `path: ${quoted(path)}`,
    ...(testPath === undefined ? [] : [`testPath: ${quoted(testPath)}`]),
    `size: ${size}`,
    ...(gray ? ['color: gray'] : []),
  ];
  return [
    `# ${count(all)} ${all === 1 ? 'image' : 'images'} in ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}:`,
    ...shown,
    ...(more > 0 ? [`#   and ${more} more`] : []),
    testPath === undefined
      ? '# A tenth is held out for testing, and a tenth for validation.'
      : '# A tenth of them is held out for validation.',
    `dataset: { ${settings.join(', ')} }`,
  ];
}

function datasetLines(images: Images): string[] {
  return 'folder' in images ? folderLines(images) : [`dataset: { source: ${images.source} }`];
}

/** The beginning of a manifest whose experiments train ResNet20 with three seeds. */
function threeSeeds(name: string, images: Images): string {
  return `name: ${name}
${datasetLines(images).join('\n')}
defaults:
  model: resnet20
  maxEpochs: 20
  seeds: 3`;
}

/** A shipped manifest under another name. */
function renamed(text: string, name: string): string {
  return text.replace(/^# yaml-language-server:.*\n/, '').replace(/^name: .*$/m, `name: ${name}`);
}

/** What `bakeoff init` can write. */
export const templates: Readonly<Record<TemplateName, Template>> = {
  quickstart: {
    about: 'three networks on generated images: a report in two minutes',
    images: 'own',
    write: (name) => renamed(shippedManifest('quickstart'), name),
  },
  sweep: {
    about: 'one network with several values of a setting, over three seeds',
    images: 'any',
    write: (name, images) => `${threeSeeds(name, images)}
experiments:
  - id: learning-rate
    sweep: { optimizer.learningRate: [3e-4, 1e-3, 3e-3] }
`,
  },
  folder: {
    about: 'your own pictures, one folder per class: does augmentation help?',
    images: 'folder',
    write: (name, images) => `${threeSeeds(name, images)}
experiments:
  - id: plain
  - id: augmented
    augmentation: { transforms: [{ type: horizontalFlip }, { type: randomCrop }] }
`,
  },
  study: {
    about: 'a published study of CIFAR-10, section by section (19 runs; hours to days)',
    images: 'own',
    write: (name) => renamed(shippedManifest('stepik-cifar10'), name),
  },
};

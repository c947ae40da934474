import { count, percent, withPlainSpaces } from '@bakeoff/statistics/formats';
import type { SplitName } from './dataset-records.ts';
import type { Finding, Names } from './finding-records.ts';

type Words = { readonly [Kind in Finding['kind']]: (finding: Extract<Finding, { kind: Kind }>) => string };

const NAMES_SHOWN = 5;
const SPLITS: Readonly<Record<SplitName, string>> = { train: 'training', validation: 'validation', test: 'test' };

function listed(names: readonly string[], total = names.length): string {
  const shown = names.slice(0, NAMES_SHOWN);
  return total > shown.length ? `${shown.join(', ')} and ${count(total - shown.length)} more` : shown.join(', ');
}

const some = (number: number, one: string, many = `${one}s`): string => `${count(number)} ${number === 1 ? one : many}`;

function namesOf({ count: total, first }: Names, one: string, many: string): string {
  return total === 0 ? '' : `${some(total, one, many)} (${listed(first, total)})`;
}

function shareOf({ images, of }: { readonly images: number; readonly of: number }, kind = ''): string {
  const what = kind === '' ? 'images' : `${kind} images`;
  return images === of && of > 1 ? `All ${count(of)} ${what}` : `${count(images)} of the ${count(of)} ${what}`;
}

const words: Words = {
  sharedImages: ({ split, also, images, of }) =>
    `${shareOf({ images, of }, SPLITS[split])} (${percent(images / of)}) also stand among the ${SPLITS[also]} images, with the same pixels: ${
      also === 'train'
        ? `${SPLITS[split]} accuracy partly measures memory.`
        : 'the choice of epochs has seen them, so test accuracy is optimistic.'
    }`,
  contradictoryLabels: ({ images, of, example }) =>
    `${shareOf({ images, of })} stand under more than one label, for example under ${example.map((name) => `"${name}"`).join(' and ')}: no network can be right about all of them.`,
  droppedImages: ({ train, validation }) =>
    `Dropped as duplicates (onDuplicates: drop): ${some(train, 'training image')} and ${some(validation, 'validation image')}.`,
  missingClasses: ({ split, classes }) =>
    `The ${SPLITS[split]} split has no images of ${some(classes.length, 'class', 'classes')}: ${listed(classes)}.`,
  rareClasses: ({ split, classes, equalShare }) =>
    `${some(classes.length, 'class is', 'classes are')} rare in the ${SPLITS[split]} split (${listed(
      classes.map(({ name, images }) => `${name}: ${some(images, 'image')}`),
    )}; an equal share would be ${count(Math.round(equalShare))}): accuracy hardly depends on them; balanced accuracy and macro F1 do.`,
  oneClass: ({ name }) => `The images have only one class, "${name}": any network is right about all of them.`,
  constantImages: (finding) => `${shareOf(finding)} have one color throughout.`,
  nearlyBlackImages: ({ limit, ...finding }) =>
    `${shareOf(finding)} are nearly black: no value is above ${limit} of 255. 12-bit values in 16-bit files look like this; scale them to the full range.`,
  unofficialArchive: ({ sha256, official }) =>
    `The images come from an archive that is not the official one: its SHA-256 is ${sha256.slice(0, 16)}…, not ${official.slice(0, 16)}….`,
  leftOut: ({ folders, outside, files, brokenLinks }) => {
    const parts = [
      namesOf(
        folders,
        `subfolder of class folders, with ${some(folders.images, 'image')} in it`,
        `subfolders of class folders, with ${some(folders.images, 'image')} in them`,
      ),
      namesOf(outside, 'image outside the folders of classes', 'images outside the folders of classes'),
      namesOf(files, 'file not named like a PNG or JPEG file', 'files not named like PNG or JPEG files'),
      namesOf(brokenLinks, 'link that leads nowhere', 'links that lead nowhere'),
    ].filter((part) => part !== '');
    const advice =
      folders.images + outside.count === 0 ? '' : ' Images are read only directly in the folder of their class.';
    return `Left out of the image folder: ${parts.join('; ')}.${advice}`;
  },
};

/** A finding as a sentence, for the terminal and for the page. */
export function describeFinding(finding: Finding): string {
  return withPlainSpaces((words[finding.kind] as (finding: Finding) => string)(finding));
}

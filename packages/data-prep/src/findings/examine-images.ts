import {
  type DatasetIndex,
  describeFinding,
  type Finding,
  type ImageShape,
  type SplitSettings,
  UserError,
} from '@bakeoff/core';
import { classFindings } from './class-findings.ts';
import { duplicateFindings, withoutDuplicates } from './duplicates.ts';
import type { ExaminedSplit } from './examined-split.ts';
import { pixelFindings } from './pixel-findings.ts';

export interface Examined extends Pick<DatasetIndex, 'findings' | 'dropped'> {
  readonly splits: readonly ExaminedSplit[];
}

/** What a dataset's images are examined against. */
export interface ExaminedScope extends Pick<SplitSettings, 'onDuplicates'> {
  readonly classes: readonly string[];
  readonly imageShape: ImageShape;
}

function refuseDuplicates(found: readonly Finding[]): void {
  if (found.length === 0) return;
  throw new UserError({
    what: 'the dataset has duplicates',
    received: found.map((finding) => describeFinding(finding)).join('\n            '),
    allowed: 'none, with dataset.onDuplicates: refuse',
    fix: 'remove the copies, or set dataset.onDuplicates to drop (leave them out of training and validation) or warn',
  });
}

function idsLost(before: ExaminedSplit, after: ExaminedSplit): number[] {
  const kept = new Set(after.ids);
  return [...before.ids].filter((id) => !kept.has(id));
}

/** @throws UserError if a split has nothing left. */
function drop(splits: readonly ExaminedSplit[]): Pick<Examined, 'splits' | 'dropped'> {
  const kept = withoutDuplicates(splits);
  const lost = new Map(splits.map((split, i) => [split.name, idsLost(split, kept[i]!)]));
  const empty = kept.find(({ ids }) => ids.length === 0);
  if (empty !== undefined)
    throw new UserError({
      what: `every ${empty.name === 'train' ? 'training' : empty.name} image of the dataset is a duplicate`,
      received: `${splits.find(({ name }) => name === empty.name)!.ids.length} images, all dropped by dataset.onDuplicates: drop`,
      allowed: 'splits that keep at least one image',
      fix: 'give test images that are not the training images',
    });
  const [train, validation] = [lost.get('train') ?? [], lost.get('validation') ?? []];
  return { splits: kept, dropped: train.length + validation.length === 0 ? null : { train, validation } };
}

/**
 * Looks for what puts results on these images into question, before anything is written, and applies `onDuplicates`.
 * @throws UserError if there are duplicates and `onDuplicates` is `refuse`, or if dropping them empties a split.
 */
export function examineImages(
  splits: readonly ExaminedSplit[],
  { classes, imageShape, onDuplicates }: ExaminedScope,
): Examined {
  const { splits: kept, dropped } = onDuplicates === 'drop' ? drop(splits) : { splits, dropped: null };
  const duplicates = duplicateFindings(kept, classes);
  if (onDuplicates === 'refuse') refuseDuplicates(duplicates);
  const droppedImages: Finding[] =
    dropped === null
      ? []
      : [{ kind: 'droppedImages', train: dropped.train.length, validation: dropped.validation.length }];
  const findings = [
    ...droppedImages,
    ...duplicates,
    ...classFindings(kept, classes),
    ...pixelFindings(kept, imageShape),
  ];
  return { splits: kept, findings, dropped };
}

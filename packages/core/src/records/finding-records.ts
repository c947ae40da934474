import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

const count = z.int().min(0);
const split = z.enum(['train', 'validation', 'test']);
/** Images with a property, of all images that were examined. */
const share = { images: count, of: count };
/** The first names, at most `NAMES_KEPT`, and how many there are in all. */
const names = z.object({ count, first: z.array(z.string()) });

export type Names = Immutable<z.output<typeof names>>;

/** How many names of files or folders a finding keeps. */
export const NAMES_KEPT = 20;

export const findingSchema = z.discriminatedUnion('kind', [
  /** Images of `split` whose pixels are also those of an image of the split `also`. */
  z.object({ kind: z.literal('sharedImages'), split, also: split, ...share }),
  /** Images whose pixels stand under more than one label; `example` names two classes that share one. */
  z.object({ kind: z.literal('contradictoryLabels'), ...share, example: z.array(z.string()) }),
  /** What `onDuplicates: drop` left out; the other findings describe what stays. */
  z.object({ kind: z.literal('droppedImages'), train: count, validation: count }),
  /** Classes without an image in the split. */
  z.object({ kind: z.literal('missingClasses'), split, classes: z.array(z.string()) }),
  /** Classes with less than a tenth of an equal share of the split's images, but with some. */
  z.object({
    kind: z.literal('rareClasses'),
    split,
    classes: z.array(z.object({ name: z.string(), images: count })),
    equalShare: z.number(),
  }),
  z.object({ kind: z.literal('oneClass'), name: z.string() }),
  /** Images of a single color. */
  z.object({ kind: z.literal('constantImages'), ...share }),
  /** Images that are not constant and have no value above `limit` (of 255). */
  z.object({ kind: z.literal('nearlyBlackImages'), ...share, limit: count }),
  z.object({ kind: z.literal('unofficialArchive'), sha256: z.string(), official: z.string() }),
  /**
   * What an image folder holds beside the images that were read: folders inside the folders of classes (with the images
   * in them), images outside the folders of classes, files of other kinds, and links that lead nowhere.
   */
  z.object({
    kind: z.literal('leftOut'),
    folders: names.extend({ images: count }),
    outside: names,
    files: names,
    brokenLinks: names,
  }),
]);

/** Something about a dataset's images that puts results into question. `describeFinding` says it in words. */
export type Finding = Immutable<z.output<typeof findingSchema>>;

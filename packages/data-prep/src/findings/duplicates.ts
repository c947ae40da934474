import type { Finding, SplitName } from '@bakeoff/core';
import type { ExaminedSplit } from './examined-split.ts';

/** In the order of their use: an image that stands in two belongs to the later one. */
const SPLIT_BITS: Readonly<Record<SplitName, number>> = { train: 1, validation: 2, test: 4 };
const LABEL_SHIFT = 3;
const CONTRADICTION = 1 << 11;

/**
 * Where the images of each key stand: the bits of their splits, the first label, and whether another label follows. One
 * small integer per different image.
 */
class Copies {
  private readonly places = new Map<number, number>();

  constructor(splits: readonly ExaminedSplit[]) {
    for (const { name, set, ids } of splits) {
      for (const id of ids) {
        const key = set.keys[id]!;
        const label = set.labels[id]!;
        const known = this.places.get(key) ?? label << LABEL_SHIFT;
        const contradiction = ((known >> LABEL_SHIFT) & 0xff) === label ? 0 : CONTRADICTION;
        this.places.set(key, known | SPLIT_BITS[name] | contradiction);
      }
    }
  }

  standsIn(key: number, split: SplitName): boolean {
    return ((this.places.get(key) ?? 0) & SPLIT_BITS[split]) !== 0;
  }

  /** The first label of a key that stands under more than one, else undefined. */
  contradicted(key: number): number | undefined {
    const place = this.places.get(key) ?? 0;
    return (place & CONTRADICTION) === 0 ? undefined : (place >> LABEL_SHIFT) & 0xff;
  }
}

const PAIRS: readonly (readonly [split: SplitName, also: SplitName])[] = [
  ['test', 'train'],
  ['test', 'validation'],
  ['validation', 'train'],
];

function countShared(splits: readonly ExaminedSplit[], copies: Copies): Finding[] {
  return PAIRS.flatMap(([name, also]) => {
    const { set, ids } = splits.find((split) => split.name === name)!;
    const images = ids.reduce((sum, id) => sum + Number(copies.standsIn(set.keys[id]!, also)), 0);
    return images === 0 ? [] : [{ kind: 'sharedImages' as const, split: name, also, images, of: ids.length }];
  });
}

function countContradictions(splits: readonly ExaminedSplit[], copies: Copies, classes: readonly string[]): Finding[] {
  let [images, of] = [0, 0];
  let example: string[] = [];
  for (const { set, ids } of splits) {
    of += ids.length;
    for (const id of ids) {
      const first = copies.contradicted(set.keys[id]!);
      if (first === undefined) continue;
      images++;
      const label = set.labels[id]!;
      if (example.length === 0 && label !== first) example = [classes[first]!, classes[label]!];
    }
  }
  return images === 0 ? [] : [{ kind: 'contradictoryLabels', images, of, example }];
}

/** Images in more than one split, by pairs of splits, and images under more than one label. */
export function duplicateFindings(splits: readonly ExaminedSplit[], classes: readonly string[]): Finding[] {
  const copies = new Copies(splits);
  return [...countShared(splits, copies), ...countContradictions(splits, copies, classes)];
}

/** The ids of a split that its later splits do not have, and whose label nothing contradicts. */
function kept({ name, set, ids }: ExaminedSplit, copies: Copies): Int32Array {
  if (name === 'test') return ids;
  return ids.filter((id) => {
    const key = set.keys[id]!;
    if (copies.contradicted(key) !== undefined || copies.standsIn(key, 'test')) return false;
    return name === 'validation' || !copies.standsIn(key, 'validation');
  });
}

/**
 * The splits without duplicates: training and validation lose what also stands in a later split or under more than one
 * label; test images stay, so that accuracies remain comparable.
 */
export function withoutDuplicates(splits: readonly ExaminedSplit[]): ExaminedSplit[] {
  const copies = new Copies(splits);
  return splits.map((split) => ({ ...split, ids: kept(split, copies) }));
}

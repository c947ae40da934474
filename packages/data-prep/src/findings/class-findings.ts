import type { Finding } from '@bakeoff/core';
import type { ExaminedSplit } from './examined-split.ts';

/** A class is rare in a split with less than this part of an equal share. */
const RARE = 0.1;

function countsOf({ set, ids }: ExaminedSplit, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const id of ids) counts[set.labels[id]!] = counts[set.labels[id]!]! + 1;
  return counts;
}

function ofSplit(split: ExaminedSplit, classes: readonly string[]): Finding[] {
  const counts = countsOf(split, classes.length);
  const equalShare = split.ids.length / classes.length;
  const missing = classes.filter((_, label) => counts[label] === 0);
  const rare = classes.flatMap((name, label) => {
    const images = counts[label]!;
    return images > 0 && images < equalShare * RARE ? [{ name, images }] : [];
  });
  return [
    ...(missing.length === 0 ? [] : [{ kind: 'missingClasses' as const, split: split.name, classes: missing }]),
    ...(rare.length === 0 ? [] : [{ kind: 'rareClasses' as const, split: split.name, classes: rare, equalShare }]),
  ];
}

/** Classes that a split lacks or that are rare in it; or that there is only one class at all. */
export function classFindings(splits: readonly ExaminedSplit[], classes: readonly string[]): Finding[] {
  const [only] = classes;
  if (classes.length === 1 && only !== undefined) return [{ kind: 'oneClass', name: only }];
  return splits.flatMap((split) => ofSplit(split, classes));
}

/** Levenshtein distance: insertions, deletions and replacements of one character. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Differences in letter case, `-` and `_` cost nothing, because they are the most common ones. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');

const LEAST_PART = 4;

/**
 * The names that the user may have meant, at most three: those that differ in no more than a third of their characters,
 * nearest first, and then those that contain what was received (`accuracy`: validationAccuracy), or are contained in it.
 */
export function nearestNames(received: string, allowed: readonly string[]): string[] {
  const wanted = plain(received.slice(0, 100));
  const near = allowed
    .map((name) => ({ name, distance: editDistance(wanted, plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)) && distance < name.length)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
  const isPart = (name: string) =>
    wanted.length >= LEAST_PART && name.length >= LEAST_PART && (name.includes(wanted) || wanted.includes(name));
  return [...new Set([...near, ...allowed.filter((name) => isPart(plain(name)))])].slice(0, 3);
}

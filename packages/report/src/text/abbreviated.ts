import { clip } from './clip.ts';

function sharedStart(names: readonly (readonly string[])[]): number {
  const [first = []] = names;
  const end = first.findIndex((character, i) => names.some((name) => name[i] !== character));
  return end < 0 ? first.length : end;
}

/**
 * Names cut to about `length` characters so that names that differ still do: what is left out of names that would look
 * the same is the part that they share.
 */
export function abbreviated(names: readonly string[], length: number): string[] {
  const cut = names.map((name) => clip(name, Math.max(2, length)));
  const alike = new Map<string, number[]>();
  cut.forEach((text, i) => alike.set(text, [...(alike.get(text) ?? []), i]));
  for (const places of alike.values()) {
    if (new Set(places.map((i) => names[i])).size < 2) continue;
    const members = places.map((i) => Array.from(names[i]!));
    const shared = sharedStart(members);
    const head = members[0]!.slice(0, Math.min(shared, Math.floor(length / 3))).join('');
    const tails = abbreviated(
      members.map((member) => member.slice(shared).join('')),
      length - head.length - 1,
    );
    places.forEach((i, k) => (cut[i] = `${head}…${tails[k]!}`));
  }
  return cut;
}

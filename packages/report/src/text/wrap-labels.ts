import { abbreviated } from './abbreviated.ts';
import { brokenIntoLines, textWidth } from './text-width.ts';

/**
 * Labels in at most `lines` lines of at most `pixels`, with `\n` between them. If one does not fit, all are cut where
 * they are the same, so that those that differ still do.
 */
export function wrapLabels(labels: readonly string[], pixels: number, fontSize: number, lines = 2): string[] {
  let wrapped = labels.map((label) => brokenIntoLines(label, pixels, fontSize));
  const longest = Math.ceil((lines * pixels) / (0.4 * fontSize));
  for (let length = longest; length > 3 && wrapped.some((all) => all.length > lines); length -= 2)
    wrapped = abbreviated(labels, length).map((label) => brokenIntoLines(label, pixels, fontSize));
  return wrapped.map((all) => all.slice(0, lines).join('\n'));
}

/** Pixels of the widest line. */
export function widestLine(labels: readonly string[], fontSize: number): number {
  return Math.max(0, ...labels.flatMap((label) => label.split('\n')).map((line) => textWidth(line, fontSize)));
}

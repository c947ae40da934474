import { visibleLength } from './style.ts';

interface Hanging {
  /** Width of the lines, unless a word is longer. */
  readonly columns: number;
  /** Width of the longest label. */
  readonly labelWidth: number;
}

/** A label with a text next to it, which is broken between words. */
export function hanging(label: string, text: string, { columns, labelWidth }: Hanging): string[] {
  const width = Math.max(20, columns - labelWidth - 2);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  const indent = ' '.repeat(labelWidth + 2);
  return [...lines, line].map((each, i) =>
    i === 0 ? `${label}${' '.repeat(Math.max(0, labelWidth + 2 - visibleLength(label)))}${each}` : indent + each,
  );
}

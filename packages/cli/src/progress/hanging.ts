import { visibleLength } from './style.ts';

interface Hanging {
  /** Width of the lines, unless a word is longer. */
  readonly columns: number;
  /** Width of the longest label. */
  readonly labelWidth: number;
}

/** A label with a text next to it, which is broken between words. */
export function hanging(label: string, text: string, { columns, labelWidth }: Hanging): string[] {
  const indent = ' '.repeat(labelWidth + 2);
  return wrapWords(text, Math.max(20, columns - labelWidth - 2)).map((each, i) =>
    i === 0 ? `${label}${' '.repeat(Math.max(0, labelWidth + 2 - visibleLength(label)))}${each}` : indent + each,
  );
}

/** A text in lines of at most `width` characters, unless a word is longer. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

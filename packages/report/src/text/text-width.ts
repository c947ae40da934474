const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[iljI|.,:;'!()[\]f\s]/, 0.4],
  [/[mwMWQO@%&]/, 0.98],
  [/[A-Z\u00D7\u2248\u25B2\u25BC+=<>\u2212]/, 0.8],
  [/[ -\u024F\u2010-\u2026]/, 0.64],
];

/**
 * Pixels that a line of text takes at most, in any font that the page may be shown in; measured on DejaVu Sans, the
 * widest of them. The build has no font to measure with.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  // Other scripts, such as Chinese, have characters as wide as they are high.
  for (const character of text) ems += WIDTHS.find(([set]) => set.test(character))?.[1] ?? 1.02;
  return ems * fontSize;
}

/** The text in lines of at most `pixels`, broken after spaces, slashes and hyphens if possible. */
export function brokenIntoLines(text: string, pixels: number, fontSize: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=[\s/-])/)) {
    for (let rest = word; rest !== '';) {
      if (textWidth((line + rest).trimEnd(), fontSize) <= pixels) {
        line += rest;
        break;
      }
      if (line !== '') {
        lines.push(line.trimEnd());
        line = '';
        continue;
      }
      // A word that is longer than a line.
      const characters = Array.from(rest);
      let end = 1;
      while (end < characters.length && textWidth(characters.slice(0, end + 1).join(''), fontSize) <= pixels) end++;
      lines.push(characters.slice(0, end).join(''));
      rest = characters.slice(end).join('');
    }
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

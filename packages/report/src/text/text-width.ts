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
  for (const character of text) ems += emsOf(character);
  return ems * fontSize;
}

const measured = new Map<string, number>();

function emsOf(character: string): number {
  const known = measured.get(character);
  if (known !== undefined) return known;
  // Other scripts, such as Chinese, have characters as wide as they are high.
  const ems = WIDTHS.find(([set]) => set.test(character))?.[1] ?? 1.02;
  measured.set(character, ems);
  return ems;
}

/** How much of the text, in UTF-16 units, fits into a line; a text of any length costs no more than a line. */
function fittingLength(text: string, pixels: number, fontSize: number): number {
  let [ems, length] = [0, 0];
  for (const character of text) {
    ems += emsOf(character);
    if (ems * fontSize > pixels) return length;
    length += character.length;
  }
  return length;
}

/** The text in lines of at most `pixels`, broken after spaces, slashes and hyphens if possible. */
export function brokenIntoLines(text: string, pixels: number, fontSize: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=[\s/-])/)) {
    for (let rest = word; rest !== '';) {
      const whole = (line + rest).trimEnd();
      if (fittingLength(whole, pixels, fontSize) === whole.length) {
        line += rest;
        break;
      }
      if (line !== '') {
        lines.push(line.trimEnd());
        line = '';
        continue;
      }
      // A word that is longer than a line.
      const end = fittingLength(rest, pixels, fontSize) || String.fromCodePoint(rest.codePointAt(0)!).length;
      lines.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly accent: (text: string) => string;
}

const identity = (text: string) => text;

export const plainStyle: Style = {
  bold: identity,
  dim: identity,
  good: identity,
  bad: identity,
  warn: identity,
  accent: identity,
};

const sgr = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

export const colorStyle: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  warn: sgr(33, 39),
  accent: sgr(36, 39),
};

/** Whether a stream is a terminal that obeys escape sequences. One that calls itself dumb prints them. */
export function obeysEscapes(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Color on a terminal, unless NO_COLOR (https://no-color.org) is set or the terminal is dumb. */
export function styleFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): Style {
  return obeysEscapes(stream, environment) && !environment['NO_COLOR'] ? colorStyle : plainStyle;
}

// oxlint-disable-next-line no-control-regex -- it looks for escape sequences
const escapeSequence = /(\u001b\[[0-9;]*m)/;

export function visibleLength(text: string): number {
  return [
    ...text
      .split(escapeSequence)
      .filter((part) => !part.startsWith('\u001b'))
      .join(''),
  ].length;
}

/** Cuts to `width` visible characters, keeping escape sequences whole and ending them. */
export function truncate(text: string, width: number): string {
  if (visibleLength(text) <= width) return text;
  let visible = 0;
  let out = '';
  for (const part of text.split(escapeSequence)) {
    if (part.startsWith('\u001b')) {
      out += part;
      continue;
    }
    for (const character of part) {
      if (visible === width - 1) return `${out}…\u001b[0m`;
      out += character;
      visible++;
    }
  }
  return out;
}

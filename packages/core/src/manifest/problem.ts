import { nearestNames } from './nearest-names.ts';
import { UserError, type UserErrorParts } from '../user-error.ts';

/** Where something stands in a manifest. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** What gave the value instead of the file: an option of the command line. Then line and column are 0. */
  readonly option?: string;
}

/** Something wrong in a manifest, at a place in its file. */
export interface Problem extends Place {
  readonly what: string;
  readonly received?: string | undefined;
  readonly allowed?: string | undefined;
  readonly fix?: string | undefined;
}

const LISTED = 9;

/** `file:line:column`, or the option that gave the value. */
export function placeText(fileName: string, { line, column, option }: Place): string {
  return option ?? `${fileName}:${line}:${column}`;
}

/** Problems as the parts of messages, in the order of the file, each text once. */
export function problemParts(fileName: string, problems: readonly Problem[]): UserErrorParts[] {
  const byText = new Map<string, UserErrorParts>();
  for (const { what, received, allowed, fix, ...place } of [...problems].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )) {
    const text = `${placeText(fileName, place)}: ${what}`;
    if (!byText.has(text)) byText.set(text, { what: text, received, allowed, fix });
  }
  return [...byText.values()];
}

/** One error for all mistakes in a file: the first in full, the others with one line each. */
export function mistakesError(mistakes: readonly UserErrorParts[]): UserError {
  const [first, ...others] = mistakes;
  if (first === undefined) throw new TypeError('no mistake, no error');
  if (others.length === 0) return new UserError(first);
  const further = others.slice(0, LISTED).map((mistake) => `\n  ${mistake.what}${aside(mistake)}`);
  if (others.length > LISTED) further.push(`\n  and ${others.length - LISTED} more`);
  return new UserError({
    ...first,
    fix: `${first.fix ?? 'correct it'}\nAlso wrong in this file:${further.join('')}`,
  });
}

/** One error for all problems of a file, in the order of the file. */
export function problemsError(fileName: string, problems: readonly Problem[]): UserError {
  return mistakesError(problemParts(fileName, problems));
}

/** What a line says beside the mistake: a guess at what was meant says more than all that is allowed. */
function aside({ received, allowed, fix }: UserErrorParts): string {
  const guess = fix?.startsWith(GUESS) === true ? fix : undefined;
  const parts = [
    ...(received === undefined ? [] : [`received ${received}`]),
    ...(guess === undefined ? (allowed === undefined ? [] : [`allowed: ${allowed}`]) : [guess]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** How a message begins that guesses what was meant. */
const GUESS = 'did you mean ';

/** What to change: the names that were most likely meant, or else something general. */
export function didYouMean(received: string, allowed: readonly string[], otherwise: string): string {
  const near = nearestNames(received, allowed);
  return near.length === 0 ? otherwise : `${GUESS}${near.map((name) => `"${name}"`).join(' or ')}?`;
}

/** A value as a message shows it. */
export function showValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}

/**
 * The problems that several looks at one file find. What stands at a place where an earlier look found something is
 * left out, because it is most often the same mistake. Of a value that an option gives, only the first problem counts,
 * however many experiments it is in.
 */
export class FoundProblems {
  readonly all: Problem[] = [];
  private readonly places = new Set<string>();

  add(problems: readonly Problem[]): void {
    const seen = new Set(this.places);
    for (const problem of problems) {
      const place = placeText('', problem);
      if ((problem.option === undefined ? seen : this.places).has(place)) continue;
      this.places.add(place);
      this.all.push(problem);
    }
  }
}

import { UserError } from '../user-error.ts';

/** Something wrong in a manifest, at a place in its file. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly received?: string | undefined;
  readonly allowed?: string | undefined;
  readonly fix?: string | undefined;
}

const LISTED = 9;

/** One error for all problems of a file, in the order of the file: the first in full, the others with one line each. */
export function problemsError(fileName: string, problems: readonly Problem[]): UserError {
  const at = ({ line, column, what }: Problem): string => `${fileName}:${line}:${column}: ${what}`;
  const byText = new Map<string, Problem>();
  for (const problem of problems) if (!byText.has(at(problem))) byText.set(at(problem), problem);
  const [first, ...others] = [...byText.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  if (first === undefined) throw new TypeError('no problem, no error');
  const further = others.slice(0, LISTED).map((problem) => `\n  ${at(problem)}${aside(problem)}`);
  if (others.length > LISTED) further.push(`\n  and ${others.length - LISTED} more`);
  const fix =
    further.length === 0 ? first.fix : `${first.fix ?? 'correct it'}\nAlso wrong in this file:${further.join('')}`;
  return new UserError({ what: at(first), received: first.received, allowed: first.allowed, fix });
}

function aside({ received, allowed }: Problem): string {
  const parts = [
    ...(received === undefined ? [] : [`received ${received}`]),
    ...(allowed === undefined ? [] : [`allowed: ${allowed}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** A value as a message shows it. */
export function showValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}

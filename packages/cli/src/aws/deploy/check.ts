import { AwsAccessError, UserError } from '@bakeoff/core';
import type { Style } from '../../progress/style.ts';
import { accessParts } from '../explain-access.ts';

/** One thing that a deployment needs. */
export interface Check {
  readonly name: string;
  /** A problem keeps a deployment from being made or from working; a warning does not. */
  readonly state: 'ok' | 'warning' | 'problem';
  readonly found: string;
  readonly fix?: string;
  /** Why AWS cannot be asked. */
  readonly access?: AwsAccessError;
}

/** Turns the error of a person's mistake into a problem, and returns what else was found. */
export async function checked(name: string, look: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const access = error instanceof AwsAccessError ? error : undefined;
    const { what, received, fix } = access === undefined ? error.parts : await accessParts(access);
    return { name, state: 'problem', found: received === undefined ? what : `${what} (${received})`, fix, access };
  }
}

export function checkLines(checks: readonly Check[], style: Style): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const marks = { ok: style.good('✓'), warning: style.warn('!'), problem: style.bad('✗') };
  return checks.flatMap(({ name, state, found, fix }) => [
    `${marks[state]} ${name.padEnd(width)}  ${found}`,
    ...(fix === undefined ? [] : [`  ${' '.repeat(width)}  → ${fix}`]),
  ]);
}

export const problems = (checks: readonly Check[]): number => checks.filter(({ state }) => state === 'problem').length;

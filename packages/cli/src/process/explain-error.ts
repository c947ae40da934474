// Not imported from core's main entry: this file is loaded at every start, and does not need the schemas.
import { UserError } from '@bakeoff/core/user-error';
import { ExitCode } from '@bakeoff/core/exit-code';

/** The text and the exit code for an error: a user's mistake prints a message, a bug prints its stack. */
export function explainError(error: unknown): { message: string; exitCode: number } {
  if (error instanceof UserError) return { message: error.message, exitCode: ExitCode.mistake };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `this is a bug in Bakeoff; please report it with these lines\n${detail}`, exitCode: ExitCode.bug };
}

import { manifestJsonSchema } from '@bakeoff/core';
import { vocabulary } from '../plans/vocabulary.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import type { CommandContext } from './command-context.ts';

/** `bakeoff schema` */
export async function schemaCommand(_options: object, { output }: CommandContext): Promise<number> {
  output.write(`${JSON.stringify(manifestJsonSchema(vocabulary), undefined, 2)}\n`);
  return ExitCode.done;
}

import { manifestJsonSchema } from '@bakeoff/core';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-code.ts';
import { vocabulary } from '../vocabulary.ts';

/** `bakeoff schema` */
export async function schemaCommand({ output }: CommandContext): Promise<number> {
  output.write(`${JSON.stringify(manifestJsonSchema(vocabulary), undefined, 2)}\n`);
  return ExitCode.done;
}

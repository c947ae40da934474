import { manifestJsonSchema } from '@bakeoff/core';
import { modelSchemas } from '@bakeoff/model/architectures';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-code.ts';

/** `bakeoff schema` */
export async function schemaCommand({ output }: CommandContext): Promise<number> {
  output.write(`${JSON.stringify(manifestJsonSchema(modelSchemas), undefined, 2)}\n`);
  return ExitCode.done;
}

import { manifestJsonSchema, manifestPage } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { vocabulary } from '../plans/vocabulary.ts';
import type { CommandContext } from './command-context.ts';

/** `bakeoff schema`: the JSON Schema of manifests, or the page that lists their settings. */
export async function schemaCommand(
  { format = 'json' }: { readonly format?: 'json' | 'md' },
  { output }: CommandContext,
): Promise<number> {
  output.write(
    format === 'md' ? manifestPage(vocabulary) : `${JSON.stringify(manifestJsonSchema(vocabulary), undefined, 2)}\n`,
  );
  return ExitCode.done;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '../packages/cli/src/plans/vocabulary.ts';
import { createProgram } from '../packages/cli/src/program.ts';
import { collectingContext } from '../packages/cli/src/testing/collecting-context.ts';
import { repository } from './support/bakeoff.ts';
import { readmeCommands, readmeFiles, readmeManifest } from './support/readme-commands.ts';

type Command = ReturnType<typeof createProgram>;

/** Parses a command line as `bakeoff` does, and does nothing. */
async function parse(line: string): Promise<void> {
  const { context } = collectingContext();
  const program = createProgram({ context, finish: () => undefined });
  const silence = (command: Command): void => {
    command.exitOverride().action(() => undefined);
    for (const each of command.commands) silence(each);
  };
  for (const command of program.commands) silence(command);
  await program.parseAsync(line.split(/\s+/).slice(2), { from: 'user' });
}

describe('README', () => {
  const lines = readmeCommands();

  it('names only commands and options that there are', async () => {
    const own = lines.filter((line) => line.startsWith('npx bakeoff '));
    expect(own.length).toBeGreaterThan(10);
    for (const line of own) await expect(parse(line), line).resolves.toBeUndefined();
    await expect(parse('npx bakeoff run dropout.yaml --archives x')).rejects.toThrow('unknown option');
  });

  it('has no other command lines than npm start, npm test and npx bakeoff', () => {
    expect(lines.filter((line) => !/^(npm (start|test)|npx bakeoff)\b/.test(line))).toEqual([]);
  });

  it('has a manifest that is right', () => {
    const { name, experiments } = parseManifest(readmeManifest(), { fileName: 'dropout.yaml', vocabulary });
    expect([name, experiments.map(({ seeds }) => seeds)]).toEqual(['dropout', [1, 2, 3].map(() => [1, 2, 3])]);
  });

  it('names files that exist', () => {
    expect(readmeFiles().filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });
});

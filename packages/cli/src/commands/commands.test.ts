import { expect, it } from 'vitest';
import { commands } from './commands.ts';
import type { CommandDeclaration } from './declaration.ts';

it('an incomplete row does not compile', () => {
  const { load, ...rest } = {
    name: 'tidy',
    group: 'results' as const,
    summary: 'tidy up',
    load: async () => async () => 0,
  };
  // @ts-expect-error a command says what it loads
  const incomplete: CommandDeclaration = rest;
  expect({ ...incomplete, load }).toHaveProperty('load');
  // @ts-expect-error a command whose store may be on S3 says what it would do without credentials
  const silent: CommandDeclaration = { ...rest, load, store: 'never' as const };
  expect(silent).not.toHaveProperty('would');
});

it('every command, and every subcommand, has code behind it', async () => {
  const declared = commands.flatMap((command) => [command, ...(command.subcommands ?? [])]);
  for (const { load } of declared) expect(typeof (await load())).toBe('function');
});

import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandGroups } from './commands/declaration.ts';
import { createProgram } from './program.ts';
import { quietContext } from './testing/quiet-context.ts';

const program = createProgram({ context: quietContext(), finish: () => undefined });

/** The whole text of a command's help. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

const all = [program, ...program.commands.flatMap((command) => [command, ...command.commands])];

describe.each(all.map((command) => [command.name(), command] as const))('the help of %s', (_, command) => {
  const lines = helpOf(command).split('\n');

  it('fits into 80 columns', () => {
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('says what the command does, then shows examples, then its options', () => {
    const at = (line: string) => lines.findIndex((each) => each.startsWith(line));
    expect(lines[0]).toMatch(/^[A-Z].*\S$/);
    if (command.parent === program) expect(at('Examples:')).toBeGreaterThan(0);
    expect(at('Usage:')).toBeGreaterThan(at('Examples:'));
    expect(at('Options:')).toBeGreaterThan(at('Usage:'));
  });

  it('shows examples of commands and options that exist', () => {
    for (const [, example = ''] of lines.map((line) => /^ {2}\$ bakeoff (.*)/.exec(line) ?? [])) {
      const [name, ...words] = example.split(/[|#]/)[0]!.split(' ');
      const shown = program.commands.find((each) => each.name() === name);
      const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]);
      const known = shown?.options.flatMap(({ short, long }) => [short, long]);
      if (example !== '') expect({ example, known }).toEqual({ example, known: expect.arrayContaining(options) as [] });
    }
  });
});

it('the help lists every command below its group, in the order of the groups', () => {
  const text = helpOf(program);
  const places = Object.values(commandGroups).map((heading) => text.indexOf(`\n${heading}\n`));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThan(0);
  for (const command of program.commands) expect(text).toMatch(new RegExp(`^  ${command.name()}\\s`, 'm'));
});

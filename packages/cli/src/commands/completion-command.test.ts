import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietContext } from '../testing/quiet-context.ts';
import { commands } from './commands.ts';
import { completionCommand } from './completion-command.ts';
import { type Shell, shells } from './completion/shells.ts';

async function scriptFor(shell: Shell): Promise<string> {
  let script = '';
  await completionCommand(
    shell,
    {},
    quietContext((text) => (script += text)),
  );
  return script;
}

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

describe.each(shells)('the completion for %s', (shell) => {
  it('names every command and its options', async () => {
    const script = await scriptFor(shell);
    for (const { name } of commands) expect(script).toContain(name);
    for (const option of ['engine', 'jobs', 'archive', 'stack', 'with-results']) expect(script).toContain(option);
    expect(script).not.toContain('--probe');
    // zsh would add arguments of its own.
    expect(script).not.toContain(':_bakeoff_offers');
  });

  it('is what the program prints, as the build has written it for shells that start', async () => {
    const script = await scriptFor(shell);
    expect(readFileSync(join(import.meta.dirname, `../../dist/completion.${shell}`), 'utf8')).toBe(script);
    const program = join(import.meta.dirname, '../../bin/bakeoff.js');
    const { stdout } = spawnSync(process.execPath, [program, 'completion', shell], { encoding: 'utf8' });
    expect(stdout).toBe(script);
  });

  it.skipIf(!has(shell))('is a script that the shell reads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bakeoff-completion-'));
    writeFileSync(join(folder, 'script'), await scriptFor(shell));
    const { status, stderr } = spawnSync(shell, ['-n', 'script'], { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.skipIf(!has('bash'))('in bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-completion-'));
  const ask = [
    ['ru'],
    ['run', ''],
    ['run', 'sub/'],
    ['run', '--eng'],
    ['run', '--engine', 'ten'],
    ['run', 'a b.yaml', '--out', ''],
    ['train', '--run', ''],
    ['train', '--out', 'sub', '--run', '0a'],
    ['train', '--out', '=', 'sub', '--run', ''],
    ['schedule', ''],
    ['schedule', 'delete', '--'],
    ['completion', ''],
    ['help', 'pl'],
  ];
  const answers: string[][] = [];

  beforeAll(async () => {
    for (const name of ['out/runs/1f2e3d4c', 'sub/runs/0a1b2c3d', 'sub/runs/77777777'])
      mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['a b.yaml', 'notes.txt', 'sub/c.json']) writeFileSync(join(folder, name), '');
    // One process answers all: starting one costs more than the answers.
    const questions = ask.map(
      (words) =>
        `COMP_WORDS=(bakeoff ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _bakeoff; (IFS='|'; echo "\${COMPREPLY[*]}")`,
    );
    const input = [await scriptFor('bash'), ...questions].join('\n');
    const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile'], { cwd: folder, input, encoding: 'utf8' });
    expect(stderr).toBe('');
    for (const line of stdout.trimEnd().split('\n')) answers.push(line === '' ? [] : line.split('|'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const answerTo = (...words: string[]) => answers[ask.findIndex((each) => each.join(' ') === words.join(' '))];

  it('completes commands, their options, and the values of these', () => {
    expect(answerTo('ru')).toEqual(['run']);
    expect(answerTo('run', '--eng')).toEqual(['--engine']);
    expect(answerTo('run', '--engine', 'ten')).toEqual(['tensorflow-gpu', 'tensorflow']);
    expect(answerTo('completion', '')).toEqual([...shells]);
    expect(answerTo('help', 'pl')).toEqual(['plan']);
  });

  it('completes manifests and folders as files', () => {
    expect(answerTo('run', '')?.toSorted()).toEqual(['a b.yaml', 'out', 'sub']);
    expect(answerTo('run', 'sub/')?.toSorted()).toEqual(['sub/c.json', 'sub/runs']);
    expect(answerTo('run', 'a b.yaml', '--out', '')?.toSorted()).toEqual(['out', 'sub']);
  });

  it('completes ids of runs from the store that the line names', () => {
    expect(answerTo('train', '--run', '')).toEqual(['1f2e3d4c']);
    expect(answerTo('train', '--out', 'sub', '--run', '0a')).toEqual(['0a1b2c3d']);
    expect(answerTo('train', '--out', '=', 'sub', '--run', '')).toEqual(['0a1b2c3d', '77777777']);
  });

  it('completes subcommands and their options', () => {
    expect(answerTo('schedule', '')).toEqual(expect.arrayContaining(['list', 'delete', 'a b.yaml']));
    expect(answerTo('schedule', 'delete', '--')).toEqual(['--stack', '--help']);
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  it('completes commands, options, files and ids at their places, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bakeoff-completion-'));
    for (const name of ['out/runs/1f2e3d4c', 'sub/runs/0a1b2c3d']) mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['a b.yaml', 'notes.txt', 'sub/c.json']) writeFileSync(join(folder, name), '');
    const expected: Readonly<Record<string, readonly string[]>> = {
      'help pl': ['plan'],
      'run ': ['a b.yaml', 'out/', 'sub/'],
      'run sub/': ['sub/c.json', 'sub/runs/'],
      'run --eng': ['--engine'],
      'run --engine ten': ['tensorflow', 'tensorflow-gpu'],
      'run x.yaml --out ': ['out/', 'sub/'],
      'train --run ': ['1f2e3d4c'],
      'train --out sub --run 0': ['0a1b2c3d'],
      'train --out=sub --run ': ['0a1b2c3d'],
      'schedule d': ['delete'],
      'schedule --ra': ['--rate'],
      'schedule delete --': ['--help', '--stack'],
    };
    const questions = Object.keys(expected).map((line) => `complete -C 'bakeoff ${line}'; echo .`);
    writeFileSync(join(folder, 'script'), [await scriptFor('fish'), ...questions].join('\n'));
    const { stdout, stderr } = spawnSync('fish', ['--no-config', 'script'], { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    const answers = stdout.split('.\n').slice(0, -1);
    const words = answers.map((answer) => answer.split('\n').flatMap((line) => line.split('\t')[0] || []));
    expect(stderr).toBe('');
    expect(Object.fromEntries(Object.keys(expected).map((line, i) => [line, words[i]?.toSorted()]))).toEqual(expected);
  });
});

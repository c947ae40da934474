import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const runner = join(import.meta.dirname, 'extended/run.mjs');

function plan(...args: string[]): { names: string[]; leftOut: string[] } {
  const { stdout, status } = spawnSync(process.execPath, [runner, '--plan', ...args], { encoding: 'utf8' });
  expect(status).toBe(0);
  const names = [...stdout.matchAll(/^(\S+): about \d+ minutes$/gm)].map((match) => match[1]!);
  return { names, leftOut: /^Left out.*: (.*)$/m.exec(stdout)?.[1]?.split(', ') ?? [] };
}

it('each extended check gets its turn within a budget too small for all, and skipped checks are named', () => {
  const all = plan().names.toSorted();
  const ran = new Set<string>();
  for (let turn = 0; turn < all.length; turn++) {
    const { names, leftOut } = plan('--minutes', '23', '--turn', `${turn}`);
    expect(leftOut).not.toEqual([]);
    expect([...names, ...leftOut].toSorted()).toEqual(all);
    for (const name of names) ran.add(name);
  }
  expect([...ran].toSorted()).toEqual(all);
});

it('a check run by name runs regardless of the budget', () => {
  expect(plan('--minutes', '1', 'docker', 's3')).toEqual({ names: ['docker', 's3'], leftOut: [] });
});

it.each([
  [['--minute', '3'], /^Unknown option '--minute'; there are: --minutes N, --turn N, --plan\n$/],
  [['--minutes', 'x'], /^--minutes takes a number that is not negative, not x\n$/],
  [['dockr'], /^no extended check is named dockr; there are: processes, .*\n$/],
])('%j ends with one clear message and exit code 2', (args, message) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [runner, ...args], { encoding: 'utf8' });
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toMatch(message);
});

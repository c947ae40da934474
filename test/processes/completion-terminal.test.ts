import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bakeoff, temporaryFolder } from '../support/bakeoff.ts';
import { hasPseudoTerminal, openTerminal } from '../support/pseudo-terminal.ts';

const hasZsh = spawnSync('zsh', ['--version']).status === 0;

it.skipIf(!hasPseudoTerminal || !hasZsh)('zsh completes what is typed, at a terminal', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, 'out/runs/1f2e3d4c'), { recursive: true });
  await writeFile(join(folder.path, 'study.yaml'), '');
  await writeFile(join(folder.path, 'completion'), (await bakeoff(['completion', 'zsh'])).stdout);
  const terminal = openTerminal(['zsh', '-f', '-i'], { cwd: folder.path, env: { ...process.env, TERM: 'dumb' } });
  terminal.type('autoload -Uz compinit && compinit -u -d dump && source ./completion && echo read"y"\n');
  await terminal.expect('ready');
  for (const [typed, completed] of [
    ['bakeoff ru', 'bakeoff run '],
    ['bakeoff run st', 'bakeoff run study.yaml '],
    ['bakeoff run --set a=1 --set b=2 --see', '--seeds '],
    ['bakeoff train --run 1', 'bakeoff train --run 1f2e3d4c '],
    ['bakeoff schedule del', 'bakeoff schedule delete '],
    ['bakeoff help schem', 'bakeoff help schema '],
  ] as const) {
    terminal.type(`${typed}\t`);
    await terminal.expect(completed);
    terminal.type('\u0015');
  }
  terminal.type('exit\n');
  expect(await terminal.ended).toBe(0);
  await folder.remove();
});

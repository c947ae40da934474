import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository, temporaryFolder } from '../support/bakeoff.ts';
import { hasPseudoTerminal, openTerminal, type Terminal } from '../support/pseudo-terminal.ts';

const COLUMNS = 60;

describe.skipIf(!hasPseudoTerminal)('bakeoff init on a terminal', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => void (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  const init = (...args: readonly string[]): Terminal =>
    openTerminal([process.execPath, join(repository, 'packages/cli/bin/bakeoff.js'), 'init', ...args], {
      cwd: folder.path,
      columns: COLUMNS,
      env: { ...process.env, LC_ALL: 'C', TERM: 'vt100' },
    });

  it('asks until each answer is right, in lines of its width, and writes the manifest', async () => {
    const terminal = init();
    for (const [question, answer] of [
      ['1 to 4 [1]:', '7\n'],
      ['allowed:  1 to 4, or quickstart', ''],
      ['1 to 4 [1]:', '2\n'],
      ['Images [cifar10]:', 'cifar\n'],
      ['did you mean "cifar10"', ''],
      ['Images [cifar10]:', Buffer.from('caf\xe9\n', 'latin1')],
      ['neither a source nor a folder', ''],
      ['Images [cifar10]:', 'synthetic\n'],
      ['File [sweep.yaml]:', 'no/such.yaml\n'],
      ['cannot be written (ENOENT)', ''],
      ['File [sweep.yaml]:', '\n'],
      ['bakeoff run sweep.yaml', ''],
    ] as const) {
      await terminal.expect(question);
      terminal.type(answer);
    }
    expect(await terminal.ended).toBe(0);
    expect(await readFile(join(folder.path, 'sweep.yaml'), 'utf8')).toContain('dataset: { source: synthetic }');
    const asked = terminal.shown().split('\r\n');
    const list = asked.slice(
      0,
      asked.findIndex((line) => line.startsWith('1 to 4')),
    );
    expect(list.length).toBeGreaterThan(5);
    for (const line of list) expect(line.length).toBeLessThan(COLUMNS);
  });

  it.each([
    ['Ctrl-C', '\u0003', 130, ''],
    ['Ctrl-D', '\u0004', 2, 'the end of the input (Ctrl-D)'],
  ])('%s ends it, with nothing written and the cursor on a line of its own', async (_key, typed, code, said) => {
    const terminal = init('--template', 'sweep');
    await terminal.expect('Images [cifar10]:');
    terminal.type(typed);
    expect(await terminal.ended).toBe(code);
    expect(terminal.shown()).toContain(said);
    expect(terminal.shown()).toMatch(/\r\n$/);
    expect(terminal.shown()).not.toMatch(/Warning|bug|^ +at /m);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('a closed window ends it, whether its end or the signal is noticed first', async () => {
    const terminal = init('--template', 'sweep');
    await terminal.expect('Images [cifar10]:');
    terminal.close();
    expect([2, 75]).toContain(await terminal.ended);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

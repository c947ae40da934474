import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bakeoff, repository, startBakeoff, temporaryFolder } from './support/bakeoff.ts';

/** Prints the URL of every module that is loaded to standard error. */
const traceModules = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent("import { writeSync } from 'node:fs'; export async function load(url, context, next) { writeSync(2, 'module ' + url + '\\\\n'); return next(url, context); }"));
`)}`;

interface BundleOutput {
  readonly inputs: Readonly<Record<string, unknown>>;
}

describe('the command line', () => {
  it('help shows commands and examples, and loads neither TensorFlow.js nor an AWS client', async () => {
    const { code, stdout, stderr } = await bakeoff(['--help'], { nodeArgs: ['--import', traceModules] });
    expect(code).toBe(0);
    for (const command of ['run', 'plan', 'data-prep', 'train', 'evaluate', 'compare', 'report', 'doctor', 'schema'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('$ bakeoff run experiments/quickstart.yaml');
    const { outputs } = JSON.parse(await readFile(join(repository, 'packages/cli/dist/meta.json'), 'utf8')) as {
      outputs: Record<string, BundleOutput>;
    };
    const inputsOf = new Map(
      Object.entries(outputs).map(([path, { inputs }]) => [basename(path), Object.keys(inputs)]),
    );
    const loaded = [...stderr.matchAll(/^module (\S+)$/gm)].map(([, url = '']) => basename(url));
    expect(loaded).toContain('main.js');
    const sources = loaded.flatMap((chunk) => inputsOf.get(chunk) ?? []);
    expect(sources.length).toBeGreaterThan(10);
    expect(
      sources.filter((source) => source.includes('node_modules/') && !source.includes('node_modules/commander/')),
    ).toEqual([]);
  });

  it.each([
    ['sse', 'has an unknown value'],
    [process.arch === 'x64' ? 'neon' : 'avx2', 'cannot be used here'],
  ])('refuses BAKEOFF_NATIVE=%s before any work', async (native, reason) => {
    const { path: folder, remove } = await temporaryFolder();
    const { code, stderr } = await bakeoff(['run', join(repository, 'experiments/quickstart.yaml'), '--out', folder], {
      env: { ...process.env, BAKEOFF_NATIVE: native },
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(reason) as string });
    expect(stderr).toMatch(new RegExp(`received: ${native}\n`));
    expect(stderr.match(/^error:/gm)).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
    await remove();
  });

  it('shows help without arguments', async () => {
    expect(await bakeoff([])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: bakeoff') as string });
  });

  it.each([
    [['rnu', 'x.yaml'], 'Did you mean run?'],
    [['run', 'x.yaml', '--jbos', '2'], 'Did you mean --jobs?'],
    [['run', 'x.yaml', '--jobs', 'many'], 'a whole number, 1 or more'],
    [['run', 'x.yaml', '--engine', 'wsam'], 'wasm'],
    [['run', 'x.yaml', '--out', 'a', '--store', 'b'], 'cannot be used with'],
    [['run'], "missing required argument 'manifest'"],
    [['train'], 'neither a manifest nor --plan'],
    [['run', 'experiments/quikstart.yaml'], 'quickstart.yaml'],
    [['plan', 'experiments/quickstart.yaml', '--store', 'gs://bucket'], 's3://bucket/prefix'],
  ])('%j gives one helpful message and exit code 2', async (args, expected) => {
    const { code, stdout, stderr } = await bakeoff(args, { cwd: repository });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.match(/^error:/gm)).toHaveLength(1);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each(['packages/cli/bin/bakeoff.js', 'scripts/start.mjs'])(
    '%s says in one line that Node is too old',
    (script) => {
      const version = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
        engines: { node: string };
      };
      const oldest = version.engines.node.replace('>=', '');
      const older = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.10.0' } });")}`;
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', older, script], {
        cwd: repository,
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({
        status: 2,
        stdout: '',
        stderr: `error: Bakeoff needs Node ${oldest} or newer; this is 20.10.0\n`,
      });
    },
  );

  it("the manifest's schema that editors read is current", async () => {
    const { stdout } = await bakeoff(['schema']);
    expect(JSON.parse(await readFile(join(repository, 'schema/manifest.schema.json'), 'utf8'))).toEqual(
      JSON.parse(stdout),
    );
  });

  it('ends quietly when nothing reads its output', async () => {
    const { child, ended } = startBakeoff(['plan', 'experiments/quickstart.yaml', '--json'], { cwd: repository });
    child.stdout?.destroy();
    expect((await ended).stderr).toBe('');
  });
});

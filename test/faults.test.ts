import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bakeoff, temporaryFolder } from './support/bakeoff.ts';
import { TINY_MODEL, writeTinyManifest } from './support/manifests.ts';

const timeout = 180_000;
const one = `  - { id: only, model: ${TINY_MODEL} }`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

describe('damaged or missing inputs', () => {
  it(
    'a shard with one byte changed is named, and nothing is trained on it',
    async () => {
      const manifest = await writeTinyManifest(folder.path, { experiments: one });
      expect(await bakeoff(['data-prep', manifest, '--out', 'damaged'], { cwd: folder.path })).toMatchObject({
        code: 0,
      });
      const out = join(folder.path, 'damaged');
      const shard =
        (await readdir(out, { recursive: true })).find((name) => /shards\/train-.*\.safetensors$/.test(name)) ?? '';
      const bytes = await readFile(join(out, shard));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await chmod(join(out, shard), 0o644);
      await writeFile(join(out, shard), bytes);
      const { code, stderr, stdout } = await bakeoff(['run', manifest, '--out', 'damaged', '--engine', 'wasm'], {
        cwd: folder.path,
      });
      expect(code).toBe(2);
      expect(stderr).toContain(shard);
      expect(stderr).toContain('damaged');
      expect(stderr).not.toContain('at file:');
      expect(stdout).toMatch(/^only +1 +missing/m);
      // What the message says to remove is made anew.
      const [, marker = ''] = /remove (\S+) from /.exec(stderr) ?? [];
      await rm(join(out, marker));
      expect(await bakeoff(['data-prep', manifest, '--out', 'damaged'], { cwd: folder.path })).toMatchObject({
        code: 0,
      });
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      expect(await readFile(join(out, shard))).toEqual(bytes);
    },
    timeout,
  );

  it(
    'a stage whose input is missing says which command creates it',
    async () => {
      const manifest = await writeTinyManifest(folder.path, { experiments: one });
      const train = await bakeoff(['train', manifest, '--out', 'nothing', '--engine', 'wasm'], { cwd: folder.path });
      expect(train.code).toBe(2);
      expect(train.stderr).toMatch(/is not prepared[\s\S]*bakeoff data-prep --plan [0-9a-f]{16}/);
      const unknown = await bakeoff(['report', '--plan', '0123456789abcdef', '--out', 'nothing'], { cwd: folder.path });
      expect(unknown.code).toBe(2);
      expect(unknown.stderr).toContain('no plan 0123456789abcdef');
    },
    timeout,
  );
});

describe('a store that cannot be written', () => {
  it(
    'is one message and no stack',
    async () => {
      const manifest = await writeTinyManifest(folder.path);
      const locked = join(folder.path, 'locked');
      await mkdir(locked);
      await chmod(locked, 0o555);
      await chmod(folder.path, 0o755);
      // Root may write anywhere, so another user has to try.
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      const { code, stderr } = await bakeoff(['run', manifest, '--out', 'locked'], { cwd: folder.path, ...user });
      expect(stderr).toMatch(/^error: cannot write .*locked.*permission is denied/m);
      expect(code).toBe(2);
      expect(await readdir(locked)).toEqual([]);
    },
    timeout,
  );

  it(
    'also if a file is in the way',
    async () => {
      const manifest = await writeTinyManifest(folder.path);
      await writeFile(join(folder.path, 'file'), '');
      const { code, stderr } = await bakeoff(['run', manifest, '--out', 'file/out'], { cwd: folder.path });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: .*file\/out.*\n(  .*\n?)*$/m);
    },
    timeout,
  );
});

describe('a manifest with a mistake', () => {
  let empty: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    empty = await temporaryFolder();
    return () => empty.remove();
  });

  const cifarnet = '  - { id: a, model: { type: cifarnet } }';
  it.each([
    ['a misspelt key', 'bachSize: 10', cifarnet, [':4:', 'bachSize', 'batchSize']],
    ['broken YAML', 'batchSize: [', cifarnet, ['bad.yaml:']],
  ])(
    '%s: one message that says where, what, and the nearest valid name; nothing is written',
    async (_, setting, experiments, expected) => {
      await writeFile(
        join(empty.path, 'bad.yaml'),
        `name: bad\ndataset: { source: synthetic }\ndefaults:\n  ${setting}\nexperiments:\n${experiments}\n`,
      );
      const { code, stdout, stderr } = await bakeoff(['run', 'bad.yaml'], { cwd: empty.path });
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr.match(/^error:/gm)).toHaveLength(1);
      for (const part of expected) expect(stderr).toContain(part);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(await readdir(empty.path)).toEqual(['bad.yaml']);
    },
  );
});

import { fork, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStoreConformance } from '../testing/store-conformance.ts';
import { UserError } from '../user-error.ts';
import { explainFileError } from './file-errors.ts';
import { FileStore } from './file-store.ts';

let base: string;
let count = 0;
const freshFolder = (): string => join(base, `store-${count++}`);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'bakeoff-file-store-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

describeStoreConformance('the file store', { createStore: async () => new FileStore(freshFolder()), manyObjects: 300 });

async function keysOf(store: FileStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}

/** Bundles a script that other processes run; its imports are relative to this folder. */
async function scriptOf(contents: string): Promise<string> {
  const outfile = join(base, `script-${count++}.mjs`);
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    stdin: { resolveDir: import.meta.dirname, contents },
  });
  return outfile;
}

/** Private file systems can be mounted by root, or where user namespaces are allowed. */
const mounting = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
const canMount = spawnSync('unshare', [...mounting, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

describe('the file store on disk', () => {
  it('leaves no temporary files behind', async () => {
    const folder = freshFolder();
    const store = new FileStore(folder);
    await store.put('a', bytes('1'));
    await store.putIfAbsent('b', bytes('2'));
    await store.putIfAbsent('b', bytes('3'));
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  });

  it('does not list what a killed writer left, and removes it once it is a day old', async () => {
    const folder = freshFolder();
    await mkdir(join(folder, '.tmp'), { recursive: true });
    await writeFile(join(folder, '.tmp', 'old'), 'half');
    await writeFile(join(folder, '.tmp', 'new'), 'half');
    const now = Date.now() / 1000;
    await utimes(join(folder, '.tmp', 'old'), now - 90_000, now - 90_000);
    const store = new FileStore(folder);
    expect(await keysOf(store)).toEqual([]);
    await store.put('k', bytes('x'));
    expect(await keysOf(store)).toEqual(['k']);
    expect(await readdir(join(folder, '.tmp'))).toEqual(['new']);
  });

  it('is seen by another store on the same folder, whose URL opens it again', async () => {
    const store = new FileStore(freshFolder());
    await store.put('x/y', bytes('there'));
    expect(await new FileStore(store.url).get('x/y')).toEqual(bytes('there'));
  });

  it('lists nothing and reads nothing if the folder does not exist yet', async () => {
    const store = new FileStore(join(freshFolder(), 'deep'));
    expect(await keysOf(store)).toEqual([]);
    expect(await store.get('a')).toBeUndefined();
    await store.delete('a');
  });

  it('keeps the old object intact when the new one cannot be placed', async () => {
    const folder = freshFolder();
    const store = new FileStore(folder);
    await store.put('a/b', bytes('old'));
    const failure = await store.put('a', bytes('new')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as Error).message).toContain('there is a folder where a file is needed');
    expect(await store.get('a/b')).toEqual(bytes('old'));
    expect(await readdir(join(folder, '.tmp'))).toEqual([]);
    await expect(store.put('a/b/c', bytes('below a file'))).rejects.toThrow('there is a file where a folder is needed');
  });

  it('says so when the store folder is a file', async () => {
    const path = freshFolder();
    await writeFile(path, 'I am a file');
    const store = new FileStore(path);
    await expect(store.put('k', bytes('x'))).rejects.toThrow(UserError);
    await expect(store.get('k')).rejects.toThrow('there is a file where a folder is needed');
    await expect(keysOf(store)).rejects.toThrow(UserError);
  });

  it('explains a write that the system refuses', async () => {
    const link = freshFolder();
    await symlink('/dev/null', link);
    const failure = await new FileStore(join(link, 'below')).put('k', bytes('x')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as Error).message).toContain('below/k');
  });

  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EMFILE', 'EIO'])(
    'turns %s into a message with the path, the cause and what to change',
    (code) => {
      const explained = explainFileError(Object.assign(new Error(code), { code }), 'write', '/data/out/x') as UserError;
      expect(explained).toBeInstanceOf(UserError);
      expect(explained.message).toContain('cannot write /data/out/x');
      expect(explained.parts.received).toBe(code);
      expect(explained.parts.fix).toBeTruthy();
    },
  );

  it('does not change an unknown error', () => {
    const error = Object.assign(new Error('odd'), { code: 'EWHAT' });
    expect(explainFileError(error, 'read', 'x')).toBe(error);
  });

  it('lets exactly one of several processes win a marker', async () => {
    const folder = freshFolder();
    const script = await scriptOf(`
      import { FileStore } from './file-store.ts';
      const store = new FileStore(${JSON.stringify(folder)});
      process.on('message', async (keys) => {
        const won = [];
        for (const key of keys) if (await store.putIfAbsent(key, new TextEncoder().encode(String(process.pid)))) won.push(key);
        process.send({ won });
        process.disconnect();
      });
      process.send({ ready: true });
    `);
    const keys = Array.from({ length: 40 }, (_, i) => `markers/${i}`);
    const racers = Array.from({ length: 3 }, () => fork(script, { execArgv: [] }));
    const said = (racer: (typeof racers)[number]): Promise<unknown> =>
      new Promise((resolve, reject) =>
        racer.once('message', resolve).once('exit', () => reject(new Error('racer ended'))),
      );
    await Promise.all(racers.map(said));
    const results = racers.map(said);
    for (const racer of racers) racer.send(keys);
    const won = ((await Promise.all(results)) as { won: string[] }[]).flatMap((result) => result.won);
    expect(won.sort()).toEqual([...keys].sort());
  });

  it.skipIf(!canMount)(
    'says so when the disk is full or read-only, keeps complete objects and leaves nothing half-written',
    async () => {
      const script = await scriptOf(`
      import { FileStore } from './file-store.ts';
      const store = new FileStore(process.argv[2] + '/out');
      for (const [key, bytes] of [['first', 10], ['large', 1_000_000]]) await store.put(key, new Uint8Array(bytes)).catch((error) => console.log(error.name, error.message));
      for await (const { key, bytes } of store.list('')) console.log(key, bytes);
    `);
      const disk = freshFolder();
      await mkdir(disk);
      const run = spawnSync(
        'unshare',
        [
          ...mounting,
          'sh',
          '-c',
          'mount -t tmpfs -o size=128k tmpfs "$1" && "$2" "$3" "$1" && ls "$1/out/.tmp" && mount -o remount,ro "$1" && "$2" "$3" "$1"',
          'sh',
          disk,
          process.execPath,
          script,
        ],
        { encoding: 'utf8' },
      );
      expect(run.stdout.split('\n')).toEqual([
        `UserError cannot write ${disk}/out/large: the disk is full`,
        '  received: ENOSPC',
        '  change:   free some space, or choose a store on another disk',
        'first 10',
        `UserError cannot write ${disk}/out/first: the file system is read-only`,
        '  received: EROFS',
        '  change:   choose a store folder that is writable',
        `UserError cannot write ${disk}/out/large: the file system is read-only`,
        '  received: EROFS',
        '  change:   choose a store folder that is writable',
        'first 10',
        '',
      ]);
    },
  );
});

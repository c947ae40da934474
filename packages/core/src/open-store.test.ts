import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FileStore } from './file/index.ts';
import { MemoryStore } from './memory-store.ts';
import { openStore } from './open-store.ts';
import { S3Store } from './s3/index.ts';
import { UserError } from './user-error.ts';

describe('a store URL', () => {
  it('opens a folder in the same place, by path or file URL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bakeoff-open-'));
    try {
      const byPath = await openStore(folder);
      expect(byPath).toBeInstanceOf(FileStore);
      await byPath.put('k', new Uint8Array([7]));
      expect(await (await openStore(pathToFileURL(folder).href)).get('k')).toEqual(new Uint8Array([7]));
      expect(await (await openStore(byPath.url)).get('k')).toEqual(new Uint8Array([7]));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('opens a relative folder as an absolute one, for processes with another working directory', async () => {
    expect((await openStore('./out')).url).toBe(join(process.cwd(), 'out'));
  });

  it('opens memory and S3', async () => {
    expect(await openStore('memory:')).toBeInstanceOf(MemoryStore);
    const s3 = await openStore('s3://bucket/some/prefix/', { s3: { region: 'eu-west-1' } });
    expect(s3).toBeInstanceOf(S3Store);
    expect(s3.url).toBe('s3://bucket/some/prefix');
  });

  it.each(['', 'http://example.com/out', 'gs://bucket', 's3://', 'file://host/x'])(
    'of another kind is refused: %j',
    async (url) => {
      await expect(openStore(url)).rejects.toThrow(UserError);
    },
  );
});

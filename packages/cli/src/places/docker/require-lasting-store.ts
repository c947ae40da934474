import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '@bakeoff/core';
import { type StoreOptions, storeUrl, type WritesStore } from '../../plans/store-url.ts';

/**
 * In a container: checks before any work that the results will outlive the container.
 * @throws UserError if the store's folder is in the container's own file system, or cannot be written
 */
export async function requireLastingStore(writes: WritesStore, options: StoreOptions): Promise<void> {
  const url = storeUrl(options);
  const named = options.store !== undefined || options.out !== undefined;
  if (/^[a-z][a-z0-9+.-]+:/i.test(url) || writes === 'never' || (writes === 'whereNamed' && !named)) return;
  const folder = resolve(url);
  const existing = await nearestExisting(folder);
  if ((await stat(existing)).dev === (await stat('/')).dev) {
    throw new UserError({
      what: `no volume is mounted for the store: ${folder} is inside the container and would be lost with it`,
      fix: 'mount a volume or a folder (docker run --volume bakeoff:/data …), or name a store in S3 (--store s3://bucket/prefix)',
    });
  }
  await requireWritable(folder, existing);
}

async function nearestExisting(path: string): Promise<string> {
  if (await stat(path).catch(() => undefined)) return path;
  return nearestExisting(dirname(path));
}

async function requireWritable(folder: string, existing: string): Promise<void> {
  try {
    await access(existing, constants.W_OK);
  } catch (error) {
    const readOnly = (error as NodeJS.ErrnoException).code === 'EROFS';
    const user = `${process.getuid?.()}:${process.getgid?.()}`;
    throw new UserError(
      readOnly
        ? {
            what: `the store ${folder} cannot be written: ${existing} is mounted read-only`,
            fix: 'mount it without :ro',
          }
        : {
            what: `the store ${folder} cannot be written: permission is denied on ${existing}`,
            received: `user ${user}`,
            fix: "run the container as the folder's owner (docker run --user $(id -u):$(id -g) …), or give the folder to that user",
          },
      { cause: error },
    );
  }
}

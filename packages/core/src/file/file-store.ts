import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkStoreKey, checkStorePrefix, isStoreKey, TEMPORARY_FOLDER } from '../store-key.ts';
import type { Store, StoreEntry } from '../types/store.ts';
import { errorCode, explainFileError } from './file-errors.ts';

/** A writer that takes longer than this for one object is assumed dead, and its temporary file is removed. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/**
 * Objects as files under a folder, which the first write creates.
 *
 * A body is written to `.tmp/`, flushed to the disk, and then moved to its place in one step. Readers therefore see all
 * of it or nothing, even after a crash. `putIfAbsent` hard-links instead of moving: the link fails if the file exists,
 * so exactly one of several processes wins.
 */
export class FileStore implements Store {
  readonly url: string;
  private readonly folder: string;
  private swept = false;

  constructor(folder: string) {
    this.folder = resolve(folder);
    this.url = this.folder;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key);
    return this.reading(path, async () => {
      const body = await readFile(path);
      return new Uint8Array(body.buffer, body.byteOffset, body.length);
    });
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key);
    return this.reading(path, async () => {
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        const body = new Uint8Array(Math.max(0, Math.min(end, size) - start));
        let filled = 0;
        while (filled < body.length) {
          const { bytesRead } = await file.read(body, filled, body.length - filled, start + filled);
          if (bytesRead === 0) return body.slice(0, filled);
          filled += bytesRead;
        }
        return body;
      } finally {
        await file.close();
      }
    });
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    const path = this.pathOf(key);
    await this.writing(path, body, (temporary) => rename(temporary, path));
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    const path = this.pathOf(key);
    if (await this.isFile(path)) return false;
    let won = true;
    await this.writing(path, body, async (temporary) => {
      try {
        await link(temporary, path);
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
        won = false;
      }
      await rm(temporary, { force: true });
    });
    return won;
  }

  async *list(prefix: string): AsyncIterable<StoreEntry> {
    checkStorePrefix(prefix);
    yield* this.walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
  }

  async delete(key: string): Promise<void> {
    const path = this.pathOf(key);
    try {
      await rm(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'ENOTDIR') throw explainFileError(error, 'delete', path);
    }
  }

  private pathOf(key: string): string {
    checkStoreKey(key);
    return join(this.folder, key);
  }

  private async isFile(path: string): Promise<boolean> {
    return (await this.reading(path, async () => (await stat(path)).isFile())) ?? false;
  }

  /**
   * Undefined if there is no such file. If a parent is a file there is none either, unless it is the store's own
   * folder.
   */
  private async reading<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'EISDIR') return undefined;
      if (code === 'ENOTDIR' && (await stat(this.folder).catch(() => undefined))?.isDirectory() === true)
        return undefined;
      throw explainFileError(error, 'read', path);
    }
  }

  private async writing(path: string, body: Uint8Array, place: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = join(this.folder, TEMPORARY_FOLDER, randomUUID());
    try {
      await mkdir(dirname(temporary), { recursive: true });
      await writeFlushed(temporary, body);
      await this.sweep(temporary);
      await mkdir(dirname(path), { recursive: true });
      await place(temporary);
      await flushFolder(dirname(path));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw explainFileError(error, 'write', path);
    }
  }

  /**
   * Removes what killed processes left half-written. Ages are by the file system's clock, because several machines may
   * share the folder.
   */
  private async sweep(newest: string): Promise<void> {
    if (this.swept) return;
    this.swept = true;
    const { mtimeMs } = await stat(newest);
    const folder = dirname(newest);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && mtimeMs - found.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
    }
  }

  /** `base` is '' or ends with '/'. */
  private async *walk(base: string, prefix: string): AsyncIterable<StoreEntry> {
    const folder = join(this.folder, base);
    const entries = await this.reading(folder, () => readdir(folder, { withFileTypes: true }));
    // A folder sorts like its keys: by its name with the slash.
    const names = (entries ?? []).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
    for (const name of names) {
      const key = base + name;
      if (name.endsWith('/')) {
        if ((key.startsWith(prefix) || prefix.startsWith(key)) && isStoreKey(key.slice(0, -1)))
          yield* this.walk(key, prefix);
      } else if (key.startsWith(prefix) && isStoreKey(key)) {
        const path = join(this.folder, key);
        const found = await this.reading(path, () => stat(path));
        if (found?.isFile() === true) yield { key, bytes: found.size, modifiedMs: found.mtimeMs };
      }
    }
  }
}

async function writeFlushed(path: string, body: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes a new name in a folder survive a power cut. On systems where folders cannot be opened (Windows), the system
 * does this itself.
 */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  if (folder === undefined) return;
  try {
    await folder.sync();
  } catch (error) {
    if (errorCode(error) !== 'EPERM' && errorCode(error) !== 'EINVAL') throw error;
  } finally {
    await folder.close();
  }
}

import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Below the ports that systems give to clients. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

export interface LiveAddress {
  readonly port: number;
  readonly token: string;
}

/**
 * The port and the token of a study's live page. They are the same each time, so that a page in a browser finds a
 * server that was started again: both follow from a secret of this user, which is kept in the cache folder.
 */
export async function liveAddress(cacheFolder: string, storeUrl: string, name: string): Promise<LiveAddress> {
  const secret = await readSecret(join(cacheFolder, 'watch.key'));
  const digest = createHmac('sha256', secret).update(`${storeUrl}\n${name}`).digest();
  return {
    port: FIRST_PORT + (digest.readUInt32BE(0) % PORTS),
    token: digest.subarray(8).toString('base64url'),
  };
}

/** 32 random bytes, as hex, that only this user may read; made by the first call. */
async function readSecret(path: string): Promise<string> {
  const secret = randomBytes(32).toString('hex');
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, secret, { flag: 'wx', mode: 0o600 });
    return secret;
  } catch (error) {
    // Without a cache folder to write to, the address lasts as long as the process.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return secret;
    return readFile(path, 'utf8');
  }
}

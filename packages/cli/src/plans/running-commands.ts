import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';

/** A command that is working on a plan on this machine, in a file named by its process. */
interface RunningCommand {
  readonly store: string;
  readonly planId: string;
}

function folderOfRunning(): string {
  return join(cacheFolder(), 'running');
}

/**
 * Does work on a plan, which `rm` of the same machine leaves alone for as long as this process works. Where the cache
 * cannot be written, the work is done all the same.
 */
export async function whileRunning<T>({ store, planId }: RunningCommand, work: () => Promise<T>): Promise<T> {
  const path = join(folderOfRunning(), `${process.pid}.json`);
  if (process.env['BAKEOFF_CONTAINER'] === undefined)
    await mkdir(folderOfRunning(), { recursive: true })
      .then(() => writeFile(path, JSON.stringify({ store, planId })))
      .catch(() => undefined);
  try {
    return await work();
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** The ids of the plans on which commands of this machine are working in a store. */
export async function runningPlans(storeUrl: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folderOfRunning()).catch((): string[] => []);
  const running = new Set<string>();
  for (const name of names) {
    const path = join(folderOfRunning(), name);
    if (!isAlive(Number.parseInt(name, 10))) {
      // It was killed.
      await rm(path, { force: true }).catch(() => undefined);
      continue;
    }
    const command = await readFile(path, 'utf8')
      .then((text) => JSON.parse(text) as RunningCommand)
      .catch(() => undefined);
    if (command?.store === storeUrl) running.add(command.planId);
  }
  return running;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { stat } from 'node:fs/promises';

/** What there is at a path; undefined: nothing that can be looked at. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? 'folder' : 'file');
}

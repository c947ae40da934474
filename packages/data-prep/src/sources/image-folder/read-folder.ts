import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { missingFileError } from '../../file-error.ts';

/** An entry of a folder after following links; `broken`: a link that leads nowhere. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'folder' | 'file' | 'broken' | 'other';
}

export const LAYOUT = 'a folder of class-named folders of PNG or JPEG files, e.g. images/cat/1.png, images/dog/7.jpg';
const IMAGE_NAME = /\.(png|jpe?g)$/i;

export function isImageName(name: string): boolean {
  return IMAGE_NAME.test(name);
}

function kindOf(entry: Pick<Dirent, 'isDirectory' | 'isFile'>): FolderEntry['kind'] {
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

/** Links are followed, as torchvision's ImageFolder does (os.scandir's is_dir, os.walk with followlinks). */
async function follow(folder: string, entry: Dirent): Promise<FolderEntry> {
  const { name } = entry;
  if (!entry.isSymbolicLink()) return { name, kind: kindOf(entry) };
  try {
    return { name, kind: kindOf(await stat(join(folder, name))) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return { name, kind: 'broken' };
    throw error;
  }
}

/** The entries of a folder in UTF-16 order, without hidden ones. @throws UserError if it cannot be read. */
export async function readFolder(folder: string): Promise<FolderEntry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const visible = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
    return await Promise.all(visible.map((entry) => follow(folder, entry)));
  } catch (error) {
    throw await missingFileError(error, 'cannot read the image folder', `give ${LAYOUT}`);
  }
}

/** How many files under a folder, at any depth, are named like images. */
export async function countImages(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter(isImageName).length;
}

import { join } from 'node:path';
import { type Finding, NAMES_KEPT, UserError } from '@bakeoff/core';
import { countImages, type FolderEntry, isImageName, LAYOUT, readFolder } from './read-folder.ts';

export interface ImageFile {
  /** `<class>/<file name>`, with a slash on every system. */
  readonly name: string;
  readonly path: string;
  readonly label: number;
}

export interface ImageListing {
  readonly classes: readonly string[];
  /** By class, then by file name, both in UTF-16 order. */
  readonly files: readonly ImageFile[];
  readonly leftOut: LeftOut;
}

/** What a folder holds beside the images that count, by name relative to it. */
export interface LeftOut {
  readonly folders: readonly { readonly name: string; readonly images: number }[];
  readonly outside: readonly string[];
  readonly files: readonly string[];
  readonly brokenLinks: readonly string[];
}

/** Labels are uint8. */
const CLASS_LIMIT = 256;

type Names = Extract<Finding, { kind: 'leftOut' }>['files'];

function namesOf(names: readonly string[]): Names {
  return { count: names.length, first: names.slice(0, NAMES_KEPT) };
}

/** What was left out of one or two folders; undefined if nothing was. */
export function leftOutFinding(listings: readonly LeftOut[]): Finding | undefined {
  const all = <Kind extends keyof LeftOut>(kind: Kind) => listings.flatMap((listing) => [...listing[kind]]);
  const folders = all('folders') as LeftOut['folders'];
  const [outside, files, brokenLinks] = [all('outside'), all('files'), all('brokenLinks')] as string[][];
  if (folders.length + outside!.length + files!.length + brokenLinks!.length === 0) return undefined;
  return {
    kind: 'leftOut',
    folders: {
      ...namesOf(folders.map(({ name }) => name)),
      images: folders.reduce((sum, { images }) => sum + images, 0),
    },
    outside: namesOf(outside!),
    files: namesOf(files!),
    brokenLinks: namesOf(brokenLinks!),
  };
}

/** @throws UserError if two names are the same text, spelled with different code points. */
function requireDistinct(folder: string, classes: readonly string[]): void {
  const known = new Map<string, string>();
  for (const name of classes) {
    const other = known.get(name.normalize());
    known.set(name.normalize(), name);
    if (other === undefined) continue;
    throw new UserError({
      what: `image folder ${folder}: two class folders have the same name in Unicode (“${name.normalize()}”), spelled with different code points`,
      received: [other, name].map(codePoints).join(' and '),
      allowed: 'class names that differ after Unicode normalization (NFC)',
      fix: 'move the images of both into one folder',
    });
  }
}

function codePoints(name: string): string {
  const spelled = Array.from(name, (letter) =>
    letter <= '~' ? letter : `<U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
  );
  return `"${spelled.join('')}"`;
}

interface Growing {
  readonly files: ImageFile[];
  readonly leftOut: { -readonly [Kind in keyof LeftOut]: LeftOut[Kind][number][] };
}

function refuseEmptyClass(folder: string, name: string, entries: readonly FolderEntry[], { folders }: LeftOut): never {
  const inside = folders.filter((each) => each.name.startsWith(`${name}/`));
  const nested = inside.reduce((sum, { images }) => sum + images, 0);
  throw new UserError({
    what: `image folder ${folder}: class ${name} has no images`,
    received:
      nested > 0
        ? `other entries: ${entries.length}; ${nested} ${nested === 1 ? 'image' : 'images'} in its subfolders (${inside.map((each) => each.name).join(', ')})`
        : `other entries: ${entries.length}`,
    allowed: LAYOUT,
    fix:
      nested > 0
        ? 'move the images of the subfolders into the folder of their class'
        : 'add PNG or JPEG files, or remove the folder',
  });
}

async function addClass(folder: string, name: string, label: number, { files, leftOut }: Growing): Promise<void> {
  const entries = await readFolder(join(folder, name));
  const before = files.length;
  for (const entry of entries) {
    const [path, known] = [join(folder, name, entry.name), `${name}/${entry.name}`];
    if (entry.kind === 'folder') leftOut.folders.push({ name: known, images: await countImages(path) });
    else if (entry.kind === 'broken') leftOut.brokenLinks.push(known);
    else if (entry.kind === 'file' && isImageName(entry.name)) files.push({ name: known, path, label });
    else leftOut.files.push(known);
  }
  if (files.length === before) refuseEmptyClass(folder, name, entries, leftOut);
}

/**
 * Lists the images of a folder by class. Links to files and folders are followed. Folders inside the folders of classes
 * are not read.
 * @throws UserError if the folder is missing, has no classes, too many classes, two classes of one name, or a class
 * without images.
 */
export async function listImages(folder: string): Promise<ImageListing> {
  const top = await readFolder(folder);
  const classes = top.filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  if (classes.length === 0 || classes.length > CLASS_LIMIT) {
    throw new UserError({
      what: `image folder ${folder}: ${classes.length === 0 ? 'no classes' : 'too many classes'}`,
      received: `folders in it: ${classes.length}`,
      allowed: `1 to ${CLASS_LIMIT}: ${LAYOUT}`,
      fix: 'put the images of each class into a folder of its name, and name the folder above',
    });
  }
  requireDistinct(folder, classes);
  const found: Growing = { files: [], leftOut: { folders: [], outside: [], files: [], brokenLinks: [] } };
  for (const { name, kind } of top) {
    if (kind === 'broken') found.leftOut.brokenLinks.push(name);
    else if (kind !== 'folder') (isImageName(name) ? found.leftOut.outside : found.leftOut.files).push(name);
  }
  for (const [label, name] of classes.entries()) await addClass(folder, name, label, found);
  return { classes, ...found };
}

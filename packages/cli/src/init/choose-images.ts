import { relative, resolve, sep } from 'node:path';
import { nearestNames, UserError } from '@bakeoff/core';
import { type FolderSurvey, surveyImageFolder } from '@bakeoff/data-prep';
import { sources } from '@bakeoff/data-prep/sources';
import { kindOfPath } from './kind-of-path.ts';
import type { Images } from './templates.ts';

/** The sources that a manifest can name without further settings. */
export const plainSources: readonly string[] = Object.entries(sources)
  .filter(([source, { schema }]) => schema.safeParse({ source }).success)
  .map(([source]) => source);

interface FoundFolder {
  readonly folder: FolderSurvey;
  /** As it was named. */
  readonly given: string;
}

/** Images that there are, wherever the manifest will be. */
export type FoundImages = { readonly source: string } | FoundFolder;

/** A path as a manifest in a folder names it: relative if it is near, with a slash on every system. */
function pathFrom(folder: string, path: string): string {
  const short = relative(folder, resolve(path));
  return (short.startsWith(`..${sep}..`) ? resolve(path) : short || '.').split(sep).join('/');
}

/**
 * The images that a source's name or a folder means.
 * @throws UserError if it is neither, or a folder without classes.
 */
export async function findImages(given: string): Promise<FoundImages> {
  if (plainSources.includes(given)) return { source: given };
  const found = await findFolder(given);
  if (found !== undefined) return found;
  const near = nearestNames(given, plainSources);
  throw new UserError({
    what: 'there are no such images: neither a source nor a folder',
    received: given,
    allowed: `${plainSources.join(', ')}, or a folder with one folder of PNG or JPEG files per class`,
    fix:
      near.length > 0
        ? `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
        : 'name a source, or a folder that exists',
  });
}

/**
 * A folder of pictures; undefined: there is no such folder.
 * @throws UserError if it has no classes.
 */
export async function findFolder(given: string): Promise<FoundFolder | undefined> {
  return (await kindOfPath(given)) === 'folder' ? { folder: await surveyImageFolder(given), given } : undefined;
}

/** Images as a manifest in a folder names them. */
export function namedFrom(folder: string, images: FoundImages): Images {
  if (!('folder' in images)) return images;
  const { path, testPath } = images.folder;
  return {
    folder: images.folder,
    path: pathFrom(folder, path),
    testPath: testPath === undefined ? undefined : pathFrom(folder, testPath),
  };
}

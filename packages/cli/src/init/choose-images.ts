import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { nearestNames, UserError } from '@bakeoff/core';
import { surveyImageFolder } from '@bakeoff/data-prep';
import { sources } from '@bakeoff/data-prep/sources';
import type { Images } from './templates.ts';

/** The sources that a manifest can name without further settings. */
export const plainSources: readonly string[] = Object.entries(sources)
  .filter(([source, { schema }]) => schema.safeParse({ source }).success)
  .map(([source]) => source);

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;

/** A path as a manifest in a folder names it: relative if it is near, with a slash on every system. */
function pathFrom(folder: string, path: string): string {
  const short = relative(folder, resolve(path));
  return (short.startsWith(`..${sep}..`) ? resolve(path) : short || '.').split(sep).join('/');
}

/**
 * The images that a source's name or a folder means.
 * @param folder The manifest's.
 * @throws UserError if it is neither, or a folder without classes.
 */
export async function chooseImages(given: string, folder: string): Promise<Images> {
  if (plainSources.includes(given)) return { source: given };
  if (await isFolder(given)) {
    const survey = await surveyImageFolder(given);
    const { path, testPath } = survey;
    return {
      folder: survey,
      path: pathFrom(folder, path),
      testPath: testPath === undefined ? undefined : pathFrom(folder, testPath),
    };
  }
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

import { proxiedFetch } from '../machine/proxied-fetch.ts';
import { type DatasetSettings, type PlannedDataset, UserError } from '@bakeoff/core';
import type { SourceOptions } from '@bakeoff/data-prep';
import { localPaths, sourceOf, sources } from '@bakeoff/data-prep/sources';

/** Archives at hand, by the name of their source. */
export type Archives = Readonly<Record<string, string>>;

/** Where the sources of a plan find and keep files. */
export interface SourcePlaces {
  readonly archives: Archives;
  readonly cacheFolder: string;
  /** The manifest's folder, that the paths in it start from; absent: the working directory. */
  readonly folder?: string;
}

/** What a source is given of them. */
export function sourceOptions(
  { source }: Pick<DatasetSettings, 'source'>,
  { archives, cacheFolder, folder }: SourcePlaces,
): SourceOptions {
  const through = proxiedFetch(process.env);
  return {
    cacheFolder,
    ...(archives[source] === undefined ? {} : { archive: archives[source] }),
    ...(folder === undefined ? {} : { folder }),
    ...(through === undefined ? {} : { fetch: through }),
  };
}

/** @throws UserError for an archive of a source that is read from none */
export function requireArchiveSources(archives: Archives): void {
  const unknown = Object.keys(archives).find((name) => sources[name]?.hasArchive !== true);
  if (unknown === undefined) return;
  throw new UserError({
    what: '--archive names a source that is not read from an archive',
    received: `${unknown}=${archives[unknown]}`,
    allowed: Object.keys(sources)
      .filter((name) => sources[name]!.hasArchive)
      .map((name) => `${name}=PATH`)
      .join(', '),
    fix: 'name one of these sources, or write a path that has "=" in it with ./ before it',
  });
}

/** Whether any of a plan's sources is downloaded. */
export function downloadsAny(datasets: readonly Pick<PlannedDataset, 'config'>[], archives: Archives): boolean {
  return datasets.some(({ config }) => sourceOf(config).hasArchive && archives[config.source] === undefined);
}

/** Everything on this machine that the sources of a plan read, relative to the working directory. */
export function localSources(
  datasets: readonly Pick<PlannedDataset, 'config'>[],
  { archives, folder }: Pick<SourcePlaces, 'archives' | 'folder'>,
): string[] {
  const read = datasets.flatMap(({ config }) => {
    const archive = archives[config.source];
    return [...(archive === undefined ? [] : [archive]), ...localPaths(config, folder)];
  });
  return [...new Set(read)];
}

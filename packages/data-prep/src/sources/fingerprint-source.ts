import { type DatasetConfig, type SourceFingerprint, sourceSettings, UserError } from '@bakeoff/core';
import { sourceOf } from './registry.ts';
import type { SourceContext, SourceImages, SourceOptions } from './source.ts';

/**
 * The settings of a dataset's source alone, whole: what a record leaves out gets its default.
 * @throws UserError where they are not the source's: a record that another version wrote.
 */
function ownSettings(config: DatasetConfig): object {
  const { success, data, error } = sourceOf(config).schema.safeParse(config);
  if (success) {
    const { source: _source, ...own } = sourceSettings(data as DatasetConfig);
    return own;
  }
  const [issue] = error.issues;
  throw new UserError({
    what: `the settings of a dataset of ${config.source} do not fit`,
    received: JSON.stringify(config),
    allowed: `${['dataset', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? ''}`,
    fix: 'plan again with this version of Bakeoff',
  });
}

/**
 * What a source stands for, before any preparation: the official archive's digest is a constant (nothing is downloaded), an archive or a folder at hand is hashed,
 * generated images are known by their settings.
 * @throws UserError on a file or folder that cannot be read or has the wrong layout.
 */
export async function fingerprintSource(
  config: DatasetConfig,
  options: SourceOptions,
  context: SourceContext,
): Promise<SourceFingerprint> {
  const reader = await sourceOf(config).load();
  return reader.fingerprint(ownSettings(config), options, context);
}

/** Reads the source of a dataset. @throws UserError where it is missing, damaged, or not the one that the plan was made with. */
export async function readSource(
  config: DatasetConfig,
  sourceSha256: string,
  options: SourceOptions,
  context: SourceContext,
): Promise<SourceImages> {
  const reader = await sourceOf(config).load();
  const images = await reader.read(ownSettings(config), sourceSha256, options, context);
  if (images.sha256 === sourceSha256) return images;
  throw new UserError({
    what: 'the source of the dataset has changed since the plan was made',
    received: `SHA-256 ${images.sha256}`,
    allowed: `SHA-256 ${sourceSha256}`,
    fix: 'plan again, or restore the files',
  });
}

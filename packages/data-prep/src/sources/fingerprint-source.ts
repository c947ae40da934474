import { type DatasetConfig, type SourceFingerprint, sourceSettings, UserError } from '@bakeoff/core';
import { sourceOf } from './registry.ts';
import type { SourceContext, SourceImages, SourceOptions } from './source.ts';

/**
 * The settings of a dataset's source only. Settings that a record leaves out get their defaults.
 * @throws UserError if the settings are not the source's, as in a record of another version.
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
 * The fingerprint of a source, before any preparation. The official archive's digest is a constant (nothing is
 * downloaded), a local archive or folder is hashed, and generated images are identified by their settings.
 * @throws UserError if a file or folder cannot be read or has the wrong layout.
 */
export async function fingerprintSource(
  config: DatasetConfig,
  options: SourceOptions,
  context: SourceContext,
): Promise<SourceFingerprint> {
  const reader = await sourceOf(config).load();
  return reader.fingerprint(ownSettings(config), options, context);
}

/**
 * Reads the source of a dataset. @throws UserError if it is missing, damaged, or not the one that the plan was made
 * with.
 */
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

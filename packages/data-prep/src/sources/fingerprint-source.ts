import { resolve } from 'node:path';
import {
  type DatasetConfig,
  type DatasetSettings,
  type SourceFingerprint,
  sourceSettings,
  UserError,
} from '@bakeoff/core';
import { sourceOf } from './registry.ts';
import type { SourceContext, SourceImages, SourceOptions } from './source.ts';

/** The settings that say where images are, as paths on this machine. */
function resolvedPaths(own: Readonly<Record<string, unknown>>, paths: readonly string[], folder = ''): object {
  return Object.fromEntries(
    paths.flatMap((name) => {
      const path = own[name];
      return typeof path === 'string' ? [[name, resolve(folder, path)]] : [];
    }),
  );
}

/**
 * The settings of a dataset's source only. Settings that a record leaves out get their defaults.
 * @param folder That relative paths start from.
 * @throws UserError if the settings are not the source's, as in a record of another version.
 */
function ownSettings(config: DatasetSettings, folder: string | undefined): object {
  const { schema, paths } = sourceOf(config);
  const { success, data, error } = schema.safeParse(config);
  if (success) {
    const { source: _source, ...own } = sourceSettings(data as DatasetSettings);
    return { ...own, ...resolvedPaths(own, paths, folder) };
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
  config: DatasetSettings,
  options: SourceOptions,
  context: SourceContext,
): Promise<SourceFingerprint> {
  const reader = await sourceOf(config).load();
  return reader.fingerprint(ownSettings(config, options.folder), options, context);
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
  const images = await reader.read(ownSettings(config, options.folder), sourceSha256, options, context);
  if (images.sha256 === sourceSha256) return images;
  throw new UserError({
    what: 'the source of the dataset has changed since the plan was made',
    received: `SHA-256 ${images.sha256}`,
    allowed: `SHA-256 ${sourceSha256}`,
    fix: 'plan again, or restore the files',
  });
}

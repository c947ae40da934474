import { datasetId, type DatasetConfig, type DatasetIndex, type DatasetSettings, UserError } from '@bakeoff/core';
import { expect } from 'vitest';
import { prepareDataset } from '../prepare-dataset.ts';
import { fingerprintSource } from '../sources/fingerprint-source.ts';
import { sourceOf } from '../sources/registry.ts';
import type { SourceOptions } from '../sources/source.ts';
import { testContext } from './context.ts';

const SPLIT = { train: null, stratified: true, seed: 1, onDuplicates: 'warn' } as const;

/** Plans and prepares a dataset, with the split's defaults unless given. */
export async function prepareAs(
  settings: Partial<DatasetSettings> & Pick<DatasetSettings, 'source'>,
  options: SourceOptions,
  context = testContext(),
): Promise<DatasetIndex> {
  const given = { ...SPLIT, ...settings } as DatasetSettings;
  const { sha256, validationByDefault } = await fingerprintSource(given, options, context);
  const config = { ...given, validation: given.validation ?? validationByDefault } as DatasetConfig;
  const id = datasetId(config, sha256, sourceOf(config).paths);
  return prepareDataset({ config, datasetId: id, sourceSha256: sha256 }, options, context);
}

/** The message of a UserError. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { noManifest } from './no-manifest.ts';
import {
  decodeManifest,
  findPlan,
  mistakesError,
  type Plan,
  planManifest,
  readManifest,
  readSeeds,
  readSettingChange,
  type SettingChange,
  type StageContext,
  type Store,
  UserError,
} from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { type Archives, requireArchiveSources, sourceOptions, type SourcePlaces } from './source-places.ts';
import { vocabulary } from './vocabulary.ts';

/** Options of commands that read the sources of a manifest. */
export interface SourceOptions {
  readonly archive?: Archives;
  /** Folder for downloads. */
  readonly cache: string;
  /** The folder that the plan's manifest was in. */
  readonly folder?: string;
  /** `key=value` for every experiment, in the order of the command line. */
  readonly set?: readonly string[];
  readonly seeds?: string;
}

/** What `--set` and `--seeds` change. @throws UserError if it is not of their form. */
function changesOf({ set = [], seeds }: SourceOptions): SettingChange[] {
  return [...set.map(readSettingChange), ...(seeds === undefined ? [] : [readSeeds(seeds)])];
}

/** @throws UserError if settings are to be changed where no manifest file is read; `because` says what is instead. */
export function refuseChanges(
  { set, seeds }: SourceOptions,
  { received, because, fix }: { readonly received: string; readonly because: string; readonly fix: string },
): void {
  if (set === undefined && seeds === undefined) return;
  throw new UserError({ what: `--set and --seeds change the settings of a manifest; ${because}`, received, fix });
}

/** Where the sources of a manifest (or of a plan, without one) find and keep files. */
export function placesOf({ archive = {}, cache, folder }: SourceOptions, manifest?: string): SourcePlaces {
  const base = manifest === undefined ? folder : dirname(manifest);
  return { archives: archive, cacheFolder: cache, ...(base === undefined ? {} : { folder: base }) };
}

/**
 * Plans a manifest file; nothing is written.
 * @throws UserError naming everything that is wrong in the file, or with the source that it names.
 */
export async function planManifestFile(
  path: string,
  options: SourceOptions,
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<Plan> {
  const places = placesOf(options, path);
  requireArchiveSources(places.archives);
  const changes = changesOf(options);
  const text = decodeManifest(await readManifestFile(path), path);
  const { manifest, mistakes } = readManifest(text, { fileName: path, vocabulary, changes });
  if (manifest === undefined) throw mistakesError(mistakes);
  return planManifest(manifest, {
    mistakes,
    sources: vocabulary.sources,
    // Sources are loaded only when the first one is needed.
    fingerprint: async (config) => {
      const { fingerprintSource } = await import('@bakeoff/data-prep');
      return fingerprintSource(config, sourceOptions(config, places), context);
    },
    describeModel,
  });
}

/** Reads a plan that an earlier command wrote, by its id or by the id of one of its executions. */
export async function readPlan(store: Store, planId: string): Promise<Plan> {
  const plan = await findPlan(store, planId);
  if (plan !== undefined) return plan;
  const known: string[] = [];
  for await (const { key } of store.list('plans/')) {
    known.push(key.split('/')[1] ?? '');
    if (known.length === 5) break;
  }
  throw new UserError({
    what: `there is no plan ${planId} in ${store.url}`,
    received: planId,
    allowed: known.length > 0 ? known.join(', ') : 'none: this store has no plan',
    fix: `write it: bakeoff plan MANIFEST --store ${store.url}`,
  });
}

async function readManifestFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw await noManifest(path, error as NodeJS.ErrnoException);
  }
}

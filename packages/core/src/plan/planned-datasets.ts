import { canonicalJson } from '../canonical-json.ts';
import { augmentationId, datasetId } from '../ids.ts';
import type { ManifestExperiment } from '../manifest/manifest.ts';
import type { AugmentationConfig } from '../manifest/augmentation-schema.ts';
import { type DatasetConfig, type DatasetSettings, sourceSettings } from '../manifest/dataset-schema.ts';
import type { SourceFacts, Sources, SourceFingerprint } from '../manifest/vocabulary.ts';
import { imageBytes } from '../image-shape.ts';
import type { PlannedDataset } from '../records/plan-records.ts';
import { UserError } from '../user-error.ts';

type Images = PlannedDataset['images'];

function countImages({ validation, train }: DatasetConfig, source: SourceFingerprint, location: string): Images {
  const left = source.trainImages - validation;
  if (left < (train ?? 1)) {
    const wanted =
      train === null
        ? `dataset.validation ${validation}, and at least 1 image to train on`
        : `dataset.validation ${validation} and dataset.train ${train}, together ${validation + train}`;
    throw new UserError({
      what: `${location}: the dataset has too few images for this split`,
      received: wanted,
      allowed: `${source.trainImages} images that the source offers for training and validation together`,
      fix:
        train === null || validation >= source.trainImages
          ? 'lower dataset.validation'
          : `lower dataset.train to at most ${left}, or lower dataset.validation`,
    });
  }
  return { train: train ?? left, validation, test: source.testImages };
}

/** A dataset's settings as its id and its records have them: with the number of validation images. */
function complete(config: DatasetSettings, { validationByDefault }: SourceFingerprint): DatasetConfig {
  const validation = config.validation ?? validationByDefault;
  if (validation === undefined)
    throw new RangeError(`source ${config.source} has no default number of validation images`);
  return { ...config, validation };
}

interface Entry {
  readonly datasetId: string;
  readonly config: DatasetConfig;
  readonly source: SourceFingerprint;
  readonly images: Images;
  /** Views by augmentation id. */
  readonly views: Map<string, number>;
}

/** The datasets of a plan. Each source is fingerprinted once. */
export class DatasetPlanner {
  private readonly entries = new Map<string, Entry>();
  /** Datasets that cannot be planned, with the reason. */
  private readonly refused = new Map<string, UserError>();
  private readonly fingerprints = new Map<string, Promise<SourceFingerprint>>();

  constructor(
    private readonly sources: Sources,
    private readonly fingerprint: (config: DatasetSettings) => Promise<SourceFingerprint>,
    /** Where a setting of an experiment stands in the manifest. */
    private readonly locate: (experiment: string, setting: readonly PropertyKey[]) => string,
  ) {}

  factsOf({ source }: Pick<DatasetSettings, 'source'>): SourceFacts {
    return this.sources[source]!;
  }

  /** @throws UserError if the source has too few images, or cannot be read: the same error for the same dataset. */
  async add(experiment: ManifestExperiment): Promise<Entry> {
    const key = canonicalJson(experiment.dataset);
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const refused = this.refused.get(key);
    if (refused !== undefined) throw refused;
    try {
      const entry = await this.entryOf(experiment);
      this.entries.set(key, entry);
      return entry;
    } catch (error) {
      if (error instanceof UserError) this.refused.set(key, error);
      throw error;
    }
  }

  private async entryOf({ id, dataset, location }: ManifestExperiment): Promise<Entry> {
    const source = await this.fingerprintOnce(dataset, id);
    const config = complete(dataset, source);
    return {
      datasetId: datasetId(config, source.sha256, this.factsOf(config).paths),
      config,
      source,
      images: countImages(config, source, location),
      views: new Map(),
    };
  }

  /** The augmentation's id. The dataset gets as many views as the run that needs the most. */
  addViews({ views }: Entry, augmentation: AugmentationConfig): string {
    const id = augmentationId(augmentation);
    views.set(id, Math.max(views.get(id) ?? 0, augmentation.views));
    return id;
  }

  /** Two image folders with the same content are one dataset: the first path stands for both. */
  planned(): PlannedDataset[] {
    const byId = new Map<string, Entry>();
    for (const entry of this.entries.values()) {
      const known = byId.get(entry.datasetId);
      if (known === undefined) byId.set(entry.datasetId, { ...entry, views: new Map(entry.views) });
      else for (const [id, views] of entry.views) known.views.set(id, Math.max(known.views.get(id) ?? 0, views));
    }
    return [...byId.values()].map(({ datasetId, config, source, images, views }) => ({
      datasetId,
      config,
      sourceSha256: source.sha256,
      classes: source.classes,
      imageShape: source.imageShape,
      images,
      augmentations: [...views].map(([augmentationId, count]) => ({
        augmentationId,
        views: count,
        bytes: count * images.train * imageBytes(source.imageShape),
      })),
    }));
  }

  /** The split does not change the source. */
  private fingerprintOnce(config: DatasetSettings, experiment: string): Promise<SourceFingerprint> {
    const key = canonicalJson(sourceSettings(config));
    let found = this.fingerprints.get(key);
    if (found === undefined) {
      found = this.fingerprint(config).catch((error: unknown) => {
        throw error instanceof UserError ? this.placed(error, config, experiment) : error;
      });
      this.fingerprints.set(key, found);
    }
    return found;
  }

  /** A mistake with a path of the dataset, with the path's place in the manifest. */
  private placed(error: UserError, config: DatasetSettings, experiment: string): UserError {
    const { paths } = this.factsOf(config);
    const meant = paths.findLast((name) => typeof config[name] === 'string' && error.message.includes(config[name]));
    if (meant === undefined) return error;
    const place = this.locate(experiment, ['dataset', meant]);
    return new UserError({ ...error.parts, what: `${place}: ${error.parts.what}` }, { cause: error });
  }
}

import type { DatasetConfig } from '../manifest/dataset-schema.ts';
import type { Recipe } from '../manifest/recipe-schema.ts';

export interface PlannedDataset {
  readonly datasetId: string;
  readonly config: DatasetConfig;
  readonly sourceSha256: string;
  readonly classes: readonly string[];
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  /** Augmentations needed by runs on this dataset, with the number of views and their size in bytes. */
  readonly augmentations: readonly {
    readonly augmentationId: string;
    readonly views: number;
    readonly bytes: number;
  }[];
}

/** One training that the plan needs. Several experiments may share it. */
export interface PlannedRun {
  readonly runId: string;
  readonly recipeId: string;
  readonly datasetId: string;
  /** Ids of the experiments it serves, in manifest order. */
  readonly experiments: readonly string[];
  readonly seed: number;
  readonly recipe: Recipe;
  /** Null without augmentation. */
  readonly augmentationId: string | null;
  readonly parameters: number;
  /** Multiply-accumulates of one image's forward pass (convolutions and dense layers). */
  readonly macs: number;
}

/** One point of an experiment (after sweeps): a recipe over its seeds. */
export interface PlannedExperiment {
  /**
   * Slug; a sweep's points are `<experiment>-<value>` if one setting is swept,
   * `<experiment>-<setting>-<value>-<setting>-<value>…` if several are.
   */
  readonly id: string;
  readonly title: string;
  /** The manifest's experiment that this point belongs to (its own id if there is no sweep). */
  readonly group: string;
  /** The swept settings' values of this point, by dotted path; lists and maps as their JSON text. */
  readonly sweepValues: Readonly<Record<string, string | number | boolean | null>>;
  readonly recipeId: string;
  readonly datasetId: string;
  readonly runIds: readonly string[];
}

export interface ReportSection {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** Ids of PlannedExperiments, patterns resolved. */
  readonly experiments: readonly string[];
  /** Names of the report's charts. */
  readonly charts: readonly string[];
  /** Id of the PlannedExperiment that the others are compared with if there are too many pairs; null: the first. */
  readonly baseline: string | null;
}

/** `plans/<planId>/plan.json`. */
export interface Plan {
  readonly formatVersion: 1;
  readonly planId: string;
  /** The manifest's name. */
  readonly name: string;
  /** The manifest as written, for "how to reproduce". */
  readonly manifest: { readonly fileName: string; readonly text: string };
  readonly datasets: readonly PlannedDataset[];
  readonly experiments: readonly PlannedExperiment[];
  readonly runs: readonly PlannedRun[];
  readonly report: { readonly title: string; readonly text: string; readonly sections: readonly ReportSection[] };
  /** Warnings about the manifest that a reader should see (e.g. too few seeds to compare recipes). */
  readonly warnings: readonly string[];
}

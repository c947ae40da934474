import type { DatasetSettings } from './dataset-schema.ts';
import type { EvaluationConfig } from './evaluation-schema.ts';
import type { PlannedExperiment, ReportSection } from '../records/plan-records.ts';
import type { Recipe } from './recipe-schema.ts';

/** One point of an experiment, complete: with defaults merged in and the sweep's values set. */
export interface ManifestExperiment extends Pick<
  PlannedExperiment,
  'id' | 'title' | 'group' | 'sweepValues' | 'trial'
> {
  readonly dataset: DatasetSettings;
  readonly recipe: Recipe;
  readonly evaluation: EvaluationConfig;
  readonly seeds: readonly number[];
  /** `file:line:column` of the experiment, for messages. */
  readonly location: string;
}

/** A manifest that has been read and checked, with sweeps expanded and the report's patterns resolved. */
export interface Manifest {
  readonly name: string;
  readonly title: string;
  readonly fileName: string;
  /** As written. */
  readonly text: string;
  /** In the order of the file, with a sweep's points in the order of their values. */
  readonly experiments: readonly ManifestExperiment[];
  /** `file:line:column` of a setting by the id of its experiment; of the nearest one above it if it is not written out. */
  readonly locate: (experiment: string, setting: readonly PropertyKey[]) => string;
  readonly report: { readonly title: string; readonly text: string; readonly sections: readonly ReportSection[] };
}

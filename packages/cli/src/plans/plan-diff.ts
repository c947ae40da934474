import { canonicalJson, type DatasetConfig, type Plan, type PlannedRun, type Recipe } from '@bakeoff/core';
import { flattenRecipes } from '@bakeoff/report/settings';
import { datasetOf } from './dataset-of.ts';
import { isFinished, type PlanState } from './plan-state.ts';

/** A setting that differs between a kept run and the one that is to be done. */
interface SettingChange {
  /** Dotted path. */
  readonly setting: string;
  /** As a manifest would write them; 'none' where a run has no such setting. */
  readonly from: string;
  readonly to: string;
  /** Why the run is another one. */
  readonly because: string;
}

/** What happens to a run of the plan, and why. */
export type RunFate =
  | { readonly kind: 'kept' }
  /** It is trained, and not all its evaluations exist. */
  | { readonly kind: 'evaluated' }
  /** An earlier plan asked for it, and it is not finished. */
  | { readonly kind: 'unfinished' }
  /** It takes the place of a trained run of the same experiment, by these changes. */
  | { readonly kind: 'changed'; readonly changes: readonly SettingChange[] }
  /** No earlier plan has trained its experiment. */
  | { readonly kind: 'new' };

export interface PlanDiff {
  readonly runs: readonly { readonly run: PlannedRun; readonly fate: RunFate }[];
  /** Experiments of earlier plans with trained runs that this one no longer has. */
  readonly dropped: readonly string[];
  /** Whether the store has an earlier plan of this manifest. */
  readonly hasEarlier: boolean;
}

/** The reason by the beginning of a setting's path; the first that fits. */
const REASONS: readonly (readonly [prefix: string, because: string])[] = [
  ['maxEpochs', 'a new run, as schedules depend on it'],
  ['schedule', 'a new run, as it changes the learning rate of steps'],
  ['optimizer', 'a new run, as it changes every step'],
  ['batchSize', 'a new run, as it changes every step'],
  ['replicas', 'a new run, as batch norm sees other parts of a batch'],
  ['earlyStopping', 'a new run, as it may end at another epoch'],
  ['selection', 'a new run, as it may keep the weights of another epoch'],
  ['normalization', 'a new run, as its network sees other numbers'],
  ['augmentation', 'a new run, as it trains on other views'],
  ['model', 'a new run, as it is another network'],
  ['seed', 'a new run, as it starts from other weights'],
  ['dataset', 'a new run, as it sees other images'],
  ['', 'a new run, as it changes how it is trained'],
];

/** An update of what the training computes changes the ids of runs, with all settings as they were. */
const OTHER_VERSION: SettingChange = {
  setting: 'version',
  from: 'earlier',
  to: 'this one',
  because: 'a new run, as what is computed has changed since',
};

/**
 * What doing a plan would redo, against the runs that earlier plans of the same manifest have trained.
 *
 * @param earlier other plans of the same manifest
 * @param isTrained whether a run of an earlier plan has its record
 */
export function diffPlan(
  plan: Plan,
  state: PlanState,
  earlier: readonly Plan[],
  isTrained: (runId: string) => boolean,
): PlanDiff {
  const known = new Set(earlier.flatMap(({ runs }) => runs.map(({ runId }) => runId)));
  const experiments = new Set(plan.experiments.map(({ id }) => id));
  return {
    runs: plan.runs.map((run) => ({ run, fate: fateOf(run) })),
    dropped: [...new Set(earlier.flatMap((each) => each.experiments.filter(hasResults)).map(({ id }) => id))].filter(
      (id) => !experiments.has(id),
    ),
    hasEarlier: earlier.length > 0,
  };

  function hasResults({ runIds }: Plan['experiments'][number]): boolean {
    return runIds.some(isTrained);
  }

  function fateOf(run: PlannedRun): RunFate {
    const done = state.runs.get(run.runId) ?? {};
    if (isFinished(done)) return { kind: 'kept' };
    if (done.record !== undefined) return { kind: 'evaluated' };
    if (known.has(run.runId)) return { kind: 'unfinished' };
    const candidates = predecessors(run, earlier).filter((each) => isTrained(each.run.runId));
    const [changes] = candidates.map((each) => changesBetween(each, { run, plan })).sort((a, b) => a.length - b.length);
    return changes === undefined ? { kind: 'new' } : { kind: 'changed', changes };
  }
}

interface Planned {
  readonly run: PlannedRun;
  readonly plan: Plan;
}

/** Runs of the same experiments in earlier plans. */
function predecessors(run: PlannedRun, before: readonly Plan[]): Planned[] {
  return before.flatMap((plan) =>
    plan.runs
      .filter(({ experiments }) => experiments.some((id) => run.experiments.includes(id)))
      .map((each) => ({ run: each, plan })),
  );
}

function changesBetween(from: Planned, to: Planned): SettingChange[] {
  const recipes = flattenRecipes([from.run.recipe, to.run.recipe]);
  const [before, after] = [from, to].map((each, i) => ({ ...recipes[i], ...settingsBeside(each) })) as [
    Settings,
    Settings,
  ];
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((setting) => before[setting] !== after[setting])
    .map((setting) => ({
      setting,
      from: text(before[setting]),
      to: text(after[setting]),
      because: REASONS.find(([prefix]) => setting.startsWith(prefix))![1],
    }));
  return changes.length > 0 ? withoutOtherKind(changes, from.run.recipe, to.run.recipe) : [OTHER_VERSION];
}

/** Settings of another kind of network mean nothing to this one. */
function withoutOtherKind(changes: SettingChange[], from: Recipe, to: Recipe): SettingChange[] {
  return from.model.type === to.model.type
    ? changes
    : changes.filter(({ setting }) => !setting.startsWith('model.') || setting === 'model.type');
}

type Settings = Readonly<Record<string, string | number | boolean | null>>;

/** What determines a run beside its recipe. */
function settingsBeside({ run, plan }: Planned): Settings {
  const dataset = datasetOf(plan, run);
  const config = Object.entries(dataset.config satisfies DatasetConfig).map(([name, value]) => [
    `dataset.${name}`,
    typeof value === 'object' && value !== null ? canonicalJson(value) : value,
  ]);
  return {
    ...Object.fromEntries(config),
    'dataset images': dataset.sourceSha256.slice(0, 12),
    seed: run.seed,
  };
}

function text(value: Settings[string] | undefined): string {
  return value === undefined || value === null ? 'none' : String(value);
}

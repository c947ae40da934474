import { nearestNames, type Plan, type PlannedExperiment, type PlannedRun, UserError } from '@bakeoff/core';
import { displayUrl } from './display-url.ts';
import { newestPlans, type StoreContents } from './store-contents.ts';

/** A run or an experiment, as a plan has it. */
export interface Subject {
  readonly kind: 'run' | 'experiment';
  readonly plan: Plan;
  /** Of a run: that of its experiments which comes first, with this run alone. */
  readonly experiment: PlannedExperiment;
  readonly runs: readonly PlannedRun[];
}

/** The first letters of a run's id that are taken for one. */
const FEWEST_LETTERS = 4;

/**
 * Finds what a name means: an experiment of the newest plan that has one of this name (`MANIFEST/EXPERIMENT` says of
 * which manifest), or a run by the first letters of its id.
 * @throws UserError if nothing has this name, or several runs begin with it
 */
export function findSubject(name: string, { store, plans }: StoreContents): Subject {
  const all = plans.map(({ plan }) => plan);
  const [manifest, id] = name.includes('/') ? (name.split('/', 2) as [string, string]) : [undefined, name];
  for (const plan of all) {
    if (manifest !== undefined && plan.name !== manifest) continue;
    const experiment = plan.experiments.find((each) => each.id === id);
    if (experiment === undefined) continue;
    const runs = experiment.runIds.flatMap((runId) => plan.runs.find((run) => run.runId === runId) ?? []);
    return { kind: 'experiment', plan, experiment, runs };
  }
  return runSubject(name, all) ?? refuse(name, all, store.url);
}

/** The message for a name that is no manifest's. */
export function unknownManifest(name: string, contents: StoreContents): UserError {
  const names = newestPlans(contents).map(({ plan }) => plan.name);
  const nearest = nearestNames(name, names);
  return new UserError({
    what: `there is no manifest ${name} in ${displayUrl(contents.store.url)}`,
    received: name,
    allowed: names.length === 0 ? 'nothing: this store has no manifest' : names.slice(0, 10).join(', '),
    fix: nearest.length > 0 ? `did you mean ${nearest[0]}?` : 'name another store with --out or --store',
  });
}

/**
 * The run whose id begins so, as the first of the plans has it; undefined if there is none.
 * @throws UserError if there are several
 */
export function findRun(prefix: string, plans: readonly Plan[]): PlannedRun | undefined {
  const found = plans.flatMap((plan) => plan.runs.filter(({ runId }) => runId.startsWith(prefix)));
  const ids = new Set(found.map(({ runId }) => runId));
  if (ids.size > 1)
    throw new UserError({
      what: 'several runs begin with this',
      received: prefix,
      allowed: [...ids].slice(0, 10).join(', '),
      fix: 'give more letters',
    });
  return found[0];
}

function runSubject(prefix: string, plans: readonly Plan[]): Subject | undefined {
  if (prefix.length < FEWEST_LETTERS) return undefined;
  const run = findRun(prefix, plans);
  const plan = plans.find(({ runs }) => run !== undefined && runs.includes(run));
  const experiment = plan?.experiments.find(({ runIds }) => runIds.includes(run?.runId ?? ''));
  if (run === undefined || plan === undefined || experiment === undefined) return undefined;
  return { kind: 'run', plan, experiment: { ...experiment, runIds: [run.runId] }, runs: [run] };
}

function refuse(name: string, plans: readonly Plan[], storeUrl: string): never {
  const ids = [...new Set(plans.flatMap(({ experiments }) => experiments.map(({ id }) => id)))];
  const nearest = nearestNames(name, ids);
  throw new UserError({
    what: `no experiment or run is called ${name} in ${displayUrl(storeUrl)}`,
    received: name,
    allowed:
      ids.length === 0
        ? 'nothing: this store has no plan'
        : `${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ` and ${ids.length - 8} more` : ''}, or the first letters of a run's id`,
    fix: nearest.length > 0 ? `did you mean ${nearest[0]}?` : 'list what there is: bakeoff ls',
  });
}

import { canonicalJson } from '../canonical-json.ts';
import type { Plan, PlannedDataset, PlannedExperiment, PlannedRun, ReportSection } from '../records/plan-records.ts';
import { planIdOf } from './plan-id.ts';
import { withEvaluations } from './planned-evaluations.ts';

/** It becomes a segment of keys. */
const MAX_NAME_LENGTH = 150;

/** A plan, and what its experiments are called beside those of the others. */
interface Part {
  readonly plan: Plan;
  /** The manifest's name, numbered if several have it. */
  readonly label: string;
  /** By their groups: those that need the label before their names. */
  readonly renamed: ReadonlySet<string>;
}

/**
 * One plan of several manifests, for one report of them all: their experiments, each manifest's sections, and every run
 * once. Experiments of one name are one if their settings are equal; otherwise each gets its manifest's name before its
 * own. The ids of runs and datasets stay.
 */
export function mergePlans(plans: readonly Plan[]): Plan {
  const [only] = plans;
  if (only !== undefined && plans.length === 1) return only;
  const parts = partsOf(plans);
  const experiments = mergedExperiments(parts);
  const manifests = plans.flatMap(({ manifest }) => manifest.parts ?? [manifest]);
  const merged: Omit<Plan, 'planId'> = {
    formatVersion: 1,
    name: mergedName(plans),
    manifest: {
      fileName: manifests.map(({ fileName }) => fileName).join(' '),
      text: manifests.map(({ text }) => text).join('\n---\n'),
      parts: manifests,
    },
    datasets: mergedDatasets(plans),
    experiments,
    runs: withEvaluations(mergedRuns(parts), experiments),
    report: {
      title: [...new Set(plans.map(({ report }) => report.title))].join(' and '),
      text: plans.flatMap(({ report }) => (report.text === '' ? [] : [report.text])).join('\n\n'),
      sections: parts.flatMap((part) => part.plan.report.sections.map((section) => labeled(section, part))),
    },
    warnings: [...new Set(plans.flatMap(({ warnings }) => warnings))],
  };
  return { ...merged, planId: planIdOf(merged) };
}

/** With a plus sign, which no manifest's own name has. */
function mergedName(plans: readonly Plan[]): string {
  const names = plans.map(({ name }) => name);
  const all = names.join('+');
  return all.length <= MAX_NAME_LENGTH ? all : `${names[0]}+${names.length - 1}-more`;
}

function partsOf(plans: readonly Plan[]): Part[] {
  const kinds = new Map<string, Set<string>>();
  const owners = new Map<string, Set<string>>();
  for (const plan of plans)
    for (const [group, members] of groupsOf(plan)) {
      addTo(kinds, group, canonicalJson(members.map(identityOf)));
      for (const { id } of members) addTo(owners, id, group);
    }
  const clashing = new Set([
    ...[...kinds].flatMap(([group, found]) => (found.size > 1 ? [group] : [])),
    ...[...owners.values()].flatMap((groups) => (groups.size > 1 ? [...groups] : [])),
  ]);
  return plans.map((plan, i) => {
    const before = plans.slice(0, i).filter(({ name }) => name === plan.name).length;
    return { plan, label: before === 0 ? plan.name : `${plan.name}-${before + 1}`, renamed: clashing };
  });
}

function addTo(sets: Map<string, Set<string>>, name: string, value: string): void {
  sets.set(name, (sets.get(name) ?? new Set()).add(value));
}

function groupsOf({ experiments }: Plan): Map<string, PlannedExperiment[]> {
  const groups = new Map<string, PlannedExperiment[]>();
  for (const experiment of experiments)
    groups.set(experiment.group, [...(groups.get(experiment.group) ?? []), experiment]);
  return groups;
}

/** What an experiment is, apart from its seeds and its title. */
function identityOf({ id, recipeId, evaluation, trial }: PlannedExperiment) {
  const point = trial === undefined ? null : { search: trial.search, number: trial.number };
  return { id, recipeId, evaluation: evaluation ?? null, trial: point };
}

/** The new ids of a plan's experiments, by the old ones. */
function namesIn({ plan, label, renamed }: Part): ReadonlyMap<string, string> {
  return new Map(plan.experiments.map(({ id, group }) => [id, renamed.has(group) ? `${label}-${id}` : id]));
}

function mergedExperiments(parts: readonly Part[]): PlannedExperiment[] {
  const merged = new Map<string, PlannedExperiment>();
  for (const part of parts) {
    const names = namesIn(part);
    for (const experiment of part.plan.experiments) {
      const id = names.get(experiment.id)!;
      const known = merged.get(id);
      const runIds = [...new Set([...(known?.runIds ?? []), ...experiment.runIds])];
      merged.set(id, { ...(known ?? renamedExperiment(experiment, id, part)), runIds });
    }
  }
  return [...merged.values()];
}

function renamedExperiment(experiment: PlannedExperiment, id: string, { label }: Part): PlannedExperiment {
  if (id === experiment.id) return experiment;
  const { title, group, trial } = experiment;
  return {
    ...experiment,
    id,
    title: title === experiment.id ? id : `${title} (${label})`,
    group: `${label}-${group}`,
    ...(trial === undefined ? {} : { trial: { ...trial, search: `${label}-${trial.search}` } }),
  };
}

function mergedRuns(parts: readonly Part[]): PlannedRun[] {
  const merged = new Map<string, PlannedRun>();
  for (const part of parts) {
    const names = namesIn(part);
    for (const run of part.plan.runs) {
      const known = merged.get(run.runId);
      const served = run.experiments.map((id) => names.get(id)!);
      merged.set(run.runId, {
        ...(known ?? run),
        experiments: [...new Set([...(known?.experiments ?? []), ...served])],
      });
    }
  }
  return [...merged.values()];
}

function mergedDatasets(plans: readonly Plan[]): PlannedDataset[] {
  const merged = new Map<string, PlannedDataset>();
  for (const dataset of plans.flatMap(({ datasets }) => datasets)) {
    const augmentations = new Map<string, PlannedDataset['augmentations'][number]>();
    for (const each of [...(merged.get(dataset.datasetId)?.augmentations ?? []), ...dataset.augmentations]) {
      const known = augmentations.get(each.augmentationId);
      if (known === undefined || known.views < each.views) augmentations.set(each.augmentationId, each);
    }
    merged.set(dataset.datasetId, { ...dataset, augmentations: [...augmentations.values()] });
  }
  return [...merged.values()];
}

function labeled(section: ReportSection, part: Part): ReportSection {
  const names = namesIn(part);
  return {
    ...section,
    title: `${part.label}: ${section.title}`,
    experiments: section.experiments.map((id) => names.get(id)!),
    baseline: section.baseline === null ? null : names.get(section.baseline)!,
  };
}

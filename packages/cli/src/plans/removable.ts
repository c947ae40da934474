import {
  executionMessageSchema,
  keys,
  type Plan,
  planSchema,
  prefixes,
  readJson,
  reportRecordSchema,
  runRecordSchema,
  scheduleRecordSchema,
  storedComparisonSchema,
} from '@bakeoff/core';
import type { InUse } from './in-use.ts';
import { foldersOfPlan, foldersOfRun, isPart, newestPlans, type StoreContents } from './store-contents.ts';

/** Objects to remove, all in one folder. */
export interface Removal {
  readonly folder: string;
  readonly keys: readonly string[];
  readonly bytes: number;
}

export interface Removable {
  readonly removals: readonly Removal[];
  /** Folders that would have been removed, but for a reason. */
  readonly kept: ReadonlyMap<string, string>;
}

/** Folders of results, which nothing but plans and the newest reports use. */
const RESULTS = [
  prefixes.plans,
  prefixes.datasets,
  prefixes.runs,
  prefixes.evaluations,
  prefixes.comparisons,
  prefixes.reports,
  prefixes.sources,
];

/** What only some plans use, their own records included. */
export async function usedOnlyBy(removed: readonly Plan[], contents: StoreContents, inUse: InUse): Promise<Removable> {
  const ids = new Set(removed.map(({ planId }) => planId));
  const others = contents.plans.map(({ plan }) => plan).filter(({ planId }) => !ids.has(planId));
  const usedByOthers = new Map<string, string>();
  for (const plan of others)
    for (const folder of foldersOfPlan(contents, plan)) usedByOthers.set(folder, `used by ${plan.name} too`);
  const own = [...removed.flatMap((plan) => foldersOfPlan(contents, plan)), ...(await builtFrom(ids, contents))];
  return sorted(own, contents, new Map([...usedByOthers, ...inUse]));
}

/** The results of a run. */
export function resultsOfRun(run: Plan['runs'][number], contents: StoreContents, inUse: InUse): Removable {
  return sorted(foldersOfRun(run), contents, inUse);
}

/**
 * What neither the newest plan of a manifest nor a schedule uses: results of earlier versions, evaluations by earlier
 * metrics, and reports and comparisons that newer ones replaced.
 */
export async function unused(contents: StoreContents, inUse: InUse): Promise<Removable> {
  const roots = [...newestPlans(contents).map(({ plan }) => plan), ...(await scheduledPlans(contents))];
  const used = new Set(roots.flatMap((plan) => foldersOfPlan(contents, plan)));
  for (const folder of await currentReports(contents)) used.add(folder);
  const candidates = [...contents.folders.keys()].filter(
    (folder) => RESULTS.some((prefix) => folder.startsWith(prefix)) && !used.has(folder),
  );
  return sorted(candidates, contents, inUse);
}

/** What finished or abandoned work has left lying about: checkpoints of trained runs, and parts without their record. */
export async function leftovers(contents: StoreContents, inUse: InUse): Promise<Removable> {
  const removals: Removal[] = [];
  const kept = new Map<string, string>();
  for (const [folder, { objects }] of contents.folders) {
    const left = await leftIn(folder, contents);
    if (left.length === 0) continue;
    const why = inUse.get(folder);
    if (why !== undefined) kept.set(folder, why);
    else {
      const bytes = objects.filter(({ key }) => left.includes(key)).reduce((sum, each) => sum + each.bytes, 0);
      removals.push({ folder, keys: left, bytes });
    }
  }
  return { removals, kept };
}

async function leftIn(folder: string, contents: StoreContents): Promise<string[]> {
  const [prefix, id = ''] = folder.split('/');
  const found = contents.folders.get(folder)!.objects.map(({ key }) => key);
  if (prefix !== 'runs') return isPart(contents, folder) ? found : [];
  // Without a record, its checkpoints are what the run resumes from.
  const record = await readJson(contents.store, keys.runRecord(id), runRecordSchema);
  if (record === undefined) return [];
  const named = new Set([record.model?.key, record.history.key]);
  return found.filter(
    (key) => key.startsWith(keys.attempts(id)) || (/\/(model|history)\//.test(key) && !named.has(key)),
  );
}

function sorted(folders: readonly string[], contents: StoreContents, reasons: ReadonlyMap<string, string>): Removable {
  const existing = [...new Set(folders)].filter((folder) => contents.folders.has(folder));
  const kept = new Map(existing.flatMap((folder) => (reasons.has(folder) ? [[folder, reasons.get(folder)!]] : [])));
  const removals = existing
    .filter((folder) => !reasons.has(folder))
    .map((folder) => {
      const { objects, bytes } = contents.folders.get(folder)!;
      return { folder, keys: objects.map(({ key }) => key), bytes };
    });
  return { removals, kept };
}

/** The comparisons and reports of plans, of all states of their results. */
async function builtFrom(planIds: ReadonlySet<string>, { store, folders }: StoreContents): Promise<string[]> {
  const built: string[] = [];
  for (const folder of folders.keys()) {
    const [prefix, id = '', name] = folder.split('/');
    const record =
      prefix === 'comparisons'
        ? await readJson(store, keys.comparison(id), storedComparisonSchema)
        : prefix === 'reports' && name === undefined
          ? await readJson(store, keys.reportRecord(id), reportRecordSchema)
          : undefined;
    if (record !== undefined && planIds.has(record.planId)) built.push(folder);
  }
  return built;
}

/** The plans that schedules repeat. */
async function scheduledPlans({ store, folders }: StoreContents): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const folder of folders.keys()) {
    if (!folder.startsWith(prefixes.schedules)) continue;
    const id = folder.slice(prefixes.schedules.length);
    const schedule = await readJson(store, keys.schedule(id), scheduleRecordSchema);
    const plan = schedule && (await readJson(store, keys.plan(schedule.planId), planSchema));
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}

/** The folders of reports that are some manifest's newest, or that a mail has announced. */
async function currentReports({ store, folders }: StoreContents): Promise<string[]> {
  const current: string[] = [];
  for (const folder of folders.keys()) {
    const [prefix, id = '', name = ''] = folder.split('/');
    if (prefix === 'reports' && id === 'latest') {
      const record = await readJson(store, keys.latestReportRecord(name), reportRecordSchema);
      if (record?.reportId !== undefined) current.push(prefixes.reports + record.reportId);
    }
    if (prefix === 'executions') {
      const message = await readJson(store, keys.executionMessage(id), executionMessageSchema);
      if (message?.page !== undefined) current.push(message.page.split('/').slice(0, 2).join('/'));
    }
  }
  return current;
}

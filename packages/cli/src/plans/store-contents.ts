import {
  comparisonId,
  evaluationIds,
  existingEvaluations,
  keys,
  mapConcurrently,
  markerOf,
  type Plan,
  planSchema,
  prefixes,
  readJson,
  reportRecordSchema,
  type Store,
  type StoreEntry,
} from '@bakeoff/core';

/** Everything in a store, from one listing and its plans. */
export interface StoreContents {
  readonly store: Store;
  /** By `<prefix><id>`, such as `runs/8796a5b4c3d2e1f0` or `reports/latest/quickstart`. */
  readonly folders: ReadonlyMap<string, StoredFolder>;
  /** The newest first. */
  readonly plans: readonly StoredPlan[];
}

/** What is under one id. */
interface StoredFolder {
  readonly objects: readonly StoreEntry[];
  readonly bytes: number;
  /** Of the object that was written last. */
  readonly modifiedMs: number;
}

export interface StoredPlan {
  readonly plan: Plan;
  /** When it was written or last reported, whichever is later. */
  readonly modifiedMs: number;
}

const READS_AT_ONCE = 16;

export async function readContents(store: Store): Promise<StoreContents> {
  const objects = new Map<string, StoreEntry[]>();
  for await (const entry of store.list('')) {
    const folder = folderOf(entry.key);
    const known = objects.get(folder);
    if (known === undefined) objects.set(folder, [entry]);
    else known.push(entry);
  }
  const folders = new Map([...objects].map(([name, found]) => [name, folderFrom(found)] as const));
  return { store, folders, plans: await readPlans(store, folders) };
}

function folderOf(key: string): string {
  const depth = key.startsWith(`${prefixes.reports}latest/`) ? 3 : 2;
  return key.split('/').slice(0, depth).join('/');
}

function folderFrom(objects: readonly StoreEntry[]): StoredFolder {
  return {
    objects,
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    modifiedMs: Math.max(...objects.map(({ modifiedMs }) => modifiedMs)),
  };
}

async function readPlans(store: Store, folders: StoreContents['folders']): Promise<StoredPlan[]> {
  const found = [...folders].flatMap(([name, folder]) => {
    const key = keys.plan(name.slice(prefixes.plans.length));
    return folder.objects.some((entry) => entry.key === key) ? [{ key, folder }] : [];
  });
  const plans = await mapConcurrently(found, READS_AT_ONCE, async ({ key, folder: { modifiedMs } }) => {
    const plan = await readJson(store, key, planSchema);
    return plan === undefined ? [] : [{ plan, modifiedMs }];
  });
  const reported = new Map<string, { readonly planId: string; readonly modifiedMs: number }>();
  for (const name of new Set(plans.flat().map(({ plan }) => plan.name))) {
    const folder = folders.get(`${prefixes.reports}latest/${name}`);
    const record = folder && (await readJson(store, keys.latestReportRecord(name), reportRecordSchema));
    if (record !== undefined) reported.set(name, { planId: record.planId, modifiedMs: folder?.modifiedMs ?? 0 });
  }
  return plans
    .flat()
    .map(({ plan, modifiedMs }) => {
      const report = reported.get(plan.name);
      const reportedMs = report?.planId === plan.planId ? report.modifiedMs : 0;
      return { plan, modifiedMs: Math.max(modifiedMs, reportedMs) };
    })
    .sort((a, b) => b.modifiedMs - a.modifiedMs);
}

/** The newest plan of each manifest, the newest first. */
export function newestPlans({ plans }: Pick<StoreContents, 'plans'>): StoredPlan[] {
  const newest = new Map<string, StoredPlan>();
  for (const stored of plans) if (!newest.has(stored.plan.name)) newest.set(stored.plan.name, stored);
  return [...newest.values()];
}

export type RunProgress = 'evaluated' | 'trained' | 'unfinished' | 'not started';

/** How far a run is, judged by which objects exist. */
export function runProgress({ folders }: StoreContents, run: Plan['runs'][number]): RunProgress {
  const folder = folders.get(prefixes.runs + run.runId);
  if (folder === undefined) return 'not started';
  if (!folder.objects.some(({ key }) => key === keys.runRecord(run.runId))) return 'unfinished';
  return evaluationIds(run).every((id) => hasObject(folders, keys.evaluationRecord(id))) ? 'evaluated' : 'trained';
}

/** When an object was written; undefined if there is none. */
export function modifiedMsOf({ folders }: StoreContents, key: string): number | undefined {
  return folders.get(folderOf(key))?.objects.find((entry) => entry.key === key)?.modifiedMs;
}

function hasObject(folders: StoreContents['folders'], key: string): boolean {
  return folders.get(folderOf(key))?.objects.some((entry) => entry.key === key) === true;
}

/** The folders of a run: its own and those of the evaluations that a plan asks for. */
export function foldersOfRun(run: Plan['runs'][number]): string[] {
  return [prefixes.runs + run.runId, ...evaluationIds(run).map((id) => prefixes.evaluations + id)];
}

/** The id of a plan's comparison of the evaluations that exist. */
export function comparisonOf({ folders }: StoreContents, plan: Plan): string {
  return comparisonId(
    plan.planId,
    existingEvaluations(plan, (id) => hasObject(folders, keys.evaluationRecord(id))),
  );
}

/** Whether a folder of results lacks the object that is written last. */
export function isPart({ folders }: StoreContents, name: string): boolean {
  const marker = markerOf(name);
  return marker !== undefined && folders.has(name) && !hasObject(folders, marker);
}

/** The folders that a plan uses, its own included; of comparisons the one of the evaluations that exist. */
export function foldersOfPlan(contents: StoreContents, plan: Plan): string[] {
  return [
    prefixes.plans + plan.planId,
    ...plan.datasets.map(({ datasetId }) => prefixes.datasets + datasetId),
    ...plan.datasets.flatMap(({ sourceSha256 }) => [keys.sourceArchive(sourceSha256), keys.sourceFolder(sourceSha256)]),
    ...plan.runs.flatMap(foldersOfRun),
    prefixes.comparisons + comparisonOf(contents, plan),
    `${prefixes.reports}latest/${plan.name}`,
  ];
}

/** The bytes of several folders, those that exist. */
export function bytesOf({ folders }: StoreContents, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (folders.get(name)?.bytes ?? 0), 0);
}

import {
  comparisonId,
  evaluationId,
  evaluationKey,
  evaluationsOf,
  evaluationRecordSchema,
  type FileEntry,
  keys,
  mapConcurrently,
  type Plan,
  type PlannedRun,
  readJson,
  readVerified,
  reportRecordSchema,
  runRecordSchema,
  type Store,
} from '@bakeoff/core';

const OBJECTS_AT_ONCE = 8;

export interface CopiedResults {
  readonly objects: number;
  readonly bytes: number;
  /** Runs without a record in the source. */
  readonly missingRuns: number;
  /** Absent if the newest report under the manifest's name belongs to another plan. */
  readonly reportKey?: string;
}

/**
 * Copies the results of a plan: records, models, histories, measurements, predictions, comparison and report. Datasets
 * and checkpoints are left out. Of the execution, it copies the record (so that the execution's id names the plan in
 * the copy too) and the causes of failed runs (so that a report built from the copy can state them). Objects that are
 * already there are skipped, because they never change. Markers are written after what they name.
 */
export async function copyResults(
  from: Store,
  to: Store,
  { plan, executionId }: { readonly plan: Plan; readonly executionId: string },
  onRun: (done: number) => void,
): Promise<CopiedResults> {
  const copier = new Copier(from, to);
  await copier.copy(keys.plan(plan.planId));
  await copier.copyAll(keys.executionFailures(executionId));
  await copier.copy(keys.execution(executionId));
  let done = 0;
  let missingRuns = 0;
  const evaluations = await mapConcurrently(plan.runs, OBJECTS_AT_ONCE, async (run) => {
    const { hasRecord, evaluations } = await copyRun(copier, run);
    if (!hasRecord) missingRuns++;
    onRun(++done);
    return evaluations;
  });
  await copier.copy(keys.comparison(comparisonId(plan.planId, Object.fromEntries(evaluations.flat()))));
  const page = keys.latestReportPage(plan.name);
  const report = await readJson(from, keys.latestReportRecord(plan.name), reportRecordSchema);
  const hasReport = report?.planId === plan.planId && (await copier.copy(page, { replace: true }));
  if (hasReport) await copier.copy(keys.latestReportRecord(plan.name), { replace: true });
  return { objects: copier.objects, bytes: copier.bytes, missingRuns, ...(hasReport ? { reportKey: page } : {}) };
}

async function copyRun(
  copier: Copier,
  planned: PlannedRun,
): Promise<{ hasRecord: boolean; evaluations: [key: string, id: string | null][] }> {
  const { runId } = planned;
  const evaluations = evaluationsOf(planned).map((evaluation): [string, string] => [
    evaluationKey(runId, evaluation),
    evaluationId(runId, evaluation),
  ]);
  await copier.copy(keys.runConfig(runId));
  await copier.copyAll(keys.runMeasurements(runId));
  for (const [, id] of evaluations) await copier.copyAll(keys.evaluationMeasurements(id));
  const run = await readJson(copier.from, keys.runRecord(runId), runRecordSchema);
  if (run === undefined) return { hasRecord: false, evaluations: evaluations.map(([key]) => [key, null]) };
  for (const file of [run.history, run.model]) if (file !== null) await copier.copyFile(file);
  await copier.copy(keys.runRecord(runId));
  const copied: [string, string | null][] = [];
  for (const [key, id] of evaluations) copied.push([key, await copyEvaluation(copier, id)]);
  return { hasRecord: true, evaluations: copied };
}

/** The evaluation's id; null if the source does not have it. */
async function copyEvaluation(copier: Copier, id: string): Promise<string | null> {
  const evaluation = await readJson(copier.from, keys.evaluationRecord(id), evaluationRecordSchema);
  if (evaluation === undefined) return null;
  await copier.copyFile(evaluation.predictions);
  await copier.copy(keys.evaluationRecord(id));
  return id;
}

class Copier {
  objects = 0;
  bytes = 0;

  constructor(
    readonly from: Store,
    private readonly to: Store,
  ) {}

  /** False if the source does not have the object. */
  async copy(key: string, { replace = false } = {}): Promise<boolean> {
    if (!replace && (await this.to.getRange(key, 0, 1)) !== undefined) return true;
    const body = await this.from.get(key);
    if (body === undefined) return false;
    await this.write(key, body);
    return true;
  }

  /** A file that a record names, checked against it. */
  async copyFile(file: FileEntry): Promise<void> {
    if ((await this.to.getRange(file.key, 0, 1)) === undefined)
      await this.write(file.key, await readVerified(this.from, file));
  }

  /** Measurements of running attempts still change, and an execution that is redriven can fail again. */
  async copyAll(prefix: string): Promise<void> {
    for await (const { key } of this.from.list(prefix)) await this.copy(key, { replace: true });
  }

  private async write(key: string, body: Uint8Array): Promise<void> {
    await this.to.put(key, body);
    this.objects++;
    this.bytes += body.length;
  }
}

import {
  comparisonId,
  evaluationIds,
  existingEvaluations,
  keys,
  mapConcurrently,
  type Plan,
  type PlannedRun,
  type Store,
} from '@bakeoff/core';

const READS_AT_ONCE = 16;

/** Looks for what a study's processes have written, without reading it. */
export class StudyTraces {
  private readonly evaluated = new Set<string>();
  private readonly prepared = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly plan: Plan,
  ) {}

  /** Differs from what it was before if objects were written or removed. What is finished is not looked at again. */
  async read(): Promise<string> {
    const { runs, datasets } = this.plan;
    const open = runs.filter((run) => evaluationIds(run).some((id) => !this.evaluated.has(id)));
    const traces = await mapConcurrently(open, READS_AT_ONCE, (run) => this.ofRun(run));
    const missing = datasets.filter(({ datasetId }) => !this.prepared.has(datasetId));
    await mapConcurrently(missing, READS_AT_ONCE, async ({ datasetId }) => {
      if (await this.exists(keys.datasetIndex(datasetId))) this.prepared.add(datasetId);
    });
    const evaluations = existingEvaluations(this.plan, (id) => this.evaluated.has(id));
    const isCompared = await this.exists(keys.comparison(comparisonId(this.plan.planId, evaluations)));
    return [...traces, this.evaluated.size, this.prepared.size, isCompared].join('\n');
  }

  /** Runs that are not evaluated yet. */
  private async ofRun(run: PlannedRun): Promise<string> {
    const found: string[] = [];
    for await (const { key, bytes } of this.store.list(`runs/${run.runId}/`)) found.push(`${key} ${bytes}`);
    const isTrained = found.some((entry) => entry.startsWith(`${keys.runRecord(run.runId)} `));
    if (isTrained)
      for (const id of evaluationIds(run)) if (await this.exists(keys.evaluationRecord(id))) this.evaluated.add(id);
    return found.join();
  }

  private async exists(key: string): Promise<boolean> {
    return (await this.store.getRange(key, 0, 1)) !== undefined;
  }
}

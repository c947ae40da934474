/** A stage that runs as a process of its own: locally, in a container, or as an AWS Batch job. */
export type StageName = 'data-prep' | 'train' | 'evaluate' | 'compare' | 'report';

export interface StageArguments {
  readonly planId: string;
  /** Store URL, e.g. `./out` or `s3://bucket/prefix`. */
  readonly store: string;
  /** data-prep only. */
  readonly datasetId?: string;
  /** train and evaluate only. */
  readonly runId?: string;
}

/**
 * The arguments of `bakeoff` for one stage: the one source of truth for the local runner, containers and job definitions
 * (which hand in `Ref::planId` and the like).
 */
export function stageCommand(stage: StageName, { planId, store, datasetId, runId }: StageArguments): string[] {
  const subject = stage === 'data-prep' ? ['--dataset', required(datasetId, stage)] : stage === 'train' || stage === 'evaluate' ? ['--run', required(runId, stage)] : [];
  return [stage, '--plan', planId, ...subject, '--store', store];
}

function required(value: string | undefined, stage: StageName): string {
  if (value === undefined) throw new TypeError(`stage ${stage} needs the id of what it works on`);
  return value;
}

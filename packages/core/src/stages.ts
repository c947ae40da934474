import { METRICS_VERSION } from '@bakeoff/statistics/metrics';
import { prefixes, type StorePrefix } from './keys.ts';

/** A job on AWS Batch, and what it may do with the store. */
export interface Job {
  /** What one job or task works on: the whole plan, one of its datasets, or one of its runs. */
  readonly subject: Subject;
  /** What it computes on an engine; null: nothing, so it needs none. */
  readonly compute: 'training' | 'inference' | null;
  readonly store: StoreAccess;
  readonly batch: BatchResources;
}

/** What runs as a process of its own: locally, in a container, or as a job on AWS Batch. */
export interface Stage<Name extends string = string> extends Job {
  /**
   * Raised when the stage's mathematics changes. The ids of what the stage makes change with it, and so do the ids of
   * everything that depends on them. For example, a new metric raises evaluate's version, so that every run is
   * evaluated again and none is trained again. In the input of the hashes the member is called `recipeVersion`, which
   * dates from a single version for all stages. For report, it is the version of the page that is made from the same
   * records.
   */
  readonly version: number;
  /** One line for the help of its command. */
  readonly summary: string;
  /** Stages that must have succeeded on everything that its subject depends on. If one fails, the task is skipped. */
  readonly requires: readonly Name[];
  /** Stages that must have ended, whether they succeeded or failed. */
  readonly follows: readonly Name[];
  /**
   * Peak memory of its process on one machine, in MiB; null for stages that compute, where it depends on the network
   * and the data.
   */
  readonly memoryMib: number | null;
  /** Where one subject's results are; null if they are not all in one folder. */
  readonly results: StageResults | null;
  /** Stages whose results become invalid when this one's are replaced; --force removes them too. */
  readonly replaces: readonly Name[];
}

export type Subject = 'plan' | 'dataset' | 'run';

/**
 * What trainings on AWS compute on: a setting of the deployment and of an execution, never of a manifest, because it
 * does not determine results.
 */
export const trainingComputes = ['gpu', 'cpu'] as const;
export type TrainingCompute = (typeof trainingComputes)[number];

/** By key prefix. A job may also list what it reads. */
export interface StoreAccess {
  readonly reads: readonly StorePrefix[];
  readonly writes: readonly StorePrefix[];
  /** Prefixes from which it removes objects. */
  readonly removes: readonly StorePrefix[];
}

export interface StageResults {
  /** `<prefix><id>/` is the folder. */
  readonly prefix: StorePrefix;
  readonly namedBy: 'datasetId' | 'runId' | 'evaluationId';
  /** The object that is written last. Once it exists, the results are complete. */
  readonly marker: string;
  /** The word for a subject that has results. */
  readonly participle: string;
}

export interface BatchResources {
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Above 0: the job runs on a GPU instance with the GPU image; otherwise it runs on Fargate. */
  readonly gpus: number;
  /** The engine passed to it; null: it chooses one, or needs none. */
  readonly engine: string | null;
  /** What it takes on Fargate, where trainings use no GPU; absent: it never needs a GPU. */
  readonly withoutGpu?: { readonly vcpus: number; readonly memoryMib: number; readonly engine: string };
  /** Which of the deployment's time limits applies to it: `trainTimeoutHours` or `stageTimeoutMinutes`. */
  readonly timeLimit: 'training' | 'stage';
  /** The seconds assumed by cost estimates; null if they depend on the network. */
  readonly typicalSeconds: number | null;
}

const ALWAYS_READ = [prefixes.plans, prefixes.executions] as const;

/** A process that only reads and writes records. */
const RECORDS_ONLY = { compute: null, memoryMib: 150 } as const;

/** In the order of the pipeline. */
const table = {
  'data-prep': {
    subject: 'dataset',
    version: 1,
    summary: 'prepare datasets: download, split, augment, write shards',
    requires: [],
    follows: [],
    compute: null,
    // Reading, splitting and writing all of CIFAR-10 stays below this value.
    memoryMib: 500,
    store: { reads: [...ALWAYS_READ, prefixes.datasets, prefixes.sources], writes: [prefixes.datasets], removes: [] },
    results: { prefix: prefixes.datasets, namedBy: 'datasetId', marker: 'index.json', participle: 'prepared' },
    replaces: [],
    batch: { vcpus: 2, memoryMib: 4096, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 180 },
  },
  train: {
    subject: 'run',
    version: 1,
    summary: 'train runs, resuming from their checkpoints',
    requires: ['data-prep'],
    follows: [],
    compute: 'training',
    memoryMib: null,
    store: {
      reads: [...ALWAYS_READ, prefixes.datasets, prefixes.runs],
      writes: [prefixes.runs],
      // Checkpoints that later ones replace.
      removes: [prefixes.runs],
    },
    results: { prefix: prefixes.runs, namedBy: 'runId', marker: 'run.json', participle: 'trained' },
    replaces: ['evaluate'],
    batch: {
      vcpus: 4,
      // A g4dn.xlarge and similar instances have 16 GiB; the ECS agent and the system need some of it.
      memoryMib: 14_336,
      gpus: 1,
      engine: 'tensorflow-gpu',
      // The engine computes on one core. Its heap has at most 4 GiB; the images are beside it.
      withoutGpu: { vcpus: 1, memoryMib: 8192, engine: 'wasm' },
      timeLimit: 'training',
      typicalSeconds: null,
    },
  },
  evaluate: {
    subject: 'run',
    // Nothing but the metrics has changed since the first evaluations were written.
    version: METRICS_VERSION,
    summary: 'evaluate trained runs on the held-out test images',
    requires: ['data-prep', 'train'],
    follows: [],
    compute: 'inference',
    memoryMib: null,
    store: {
      reads: [...ALWAYS_READ, prefixes.datasets, prefixes.runs, prefixes.evaluations],
      writes: [prefixes.evaluations],
      removes: [],
    },
    results: {
      prefix: prefixes.evaluations,
      namedBy: 'evaluationId',
      marker: 'evaluation.json',
      participle: 'evaluated',
    },
    replaces: [],
    batch: { vcpus: 2, memoryMib: 4096, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 120 },
  },
  compare: {
    ...RECORDS_ONLY,
    subject: 'plan',
    // 2: intervals and tests of recipes over seeds and images; each recipe against the chosen one.
    version: 2,
    summary: 'test the differences between evaluated runs',
    requires: [],
    follows: ['evaluate'],
    store: {
      reads: [...ALWAYS_READ, prefixes.runs, prefixes.evaluations, prefixes.comparisons],
      writes: [prefixes.comparisons],
      removes: [],
    },
    results: null,
    replaces: [],
    batch: { vcpus: 1, memoryMib: 4096, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 60 },
  },
  report: {
    ...RECORDS_ONLY,
    subject: 'plan',
    version: 1,
    summary: 'build the report from the results so far',
    requires: [],
    follows: ['compare'],
    store: {
      reads: [...ALWAYS_READ, prefixes.datasets, prefixes.runs, prefixes.evaluations, prefixes.comparisons],
      // The message that announces the report belongs to the execution.
      writes: [prefixes.reports, prefixes.executions],
      removes: [],
    },
    results: null,
    replaces: [],
    batch: { vcpus: 2, memoryMib: 8192, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 90 },
  },
} as const satisfies Readonly<Record<string, Stage>>;

export type StageName = keyof typeof table;
export type SubjectOf<Name extends StageName> = (typeof table)[Name]['subject'];

/** The stages, in the order of the pipeline. */
export const stages: Readonly<Record<StageName, Stage<StageName>>> = table;
export const stageNames = Object.keys(stages) as readonly StageName[];

/** On AWS, a job before the stages opens the execution: it writes the plan and the list of unfinished runs. */
export type JobName = 'plan' | StageName;

/** Every job of an execution, in order. */
export const jobs: Readonly<Record<JobName, Job>> = {
  plan: {
    subject: 'plan',
    compute: null,
    store: {
      reads: [prefixes.plans, prefixes.schedules, prefixes.executions, prefixes.runs, prefixes.evaluations],
      writes: [prefixes.plans, prefixes.schedules, prefixes.executions],
      removes: [],
    },
    batch: { vcpus: 0.5, memoryMib: 2048, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 60 },
  },
  ...stages,
};
export const jobNames = Object.keys(jobs) as readonly JobName[];

/** Jobs that do not work on one run. */
export type WholeJobName = Exclude<JobName, StagesOfRuns>;
type StagesOfRuns = { [Name in StageName]: SubjectOf<Name> extends 'run' ? Name : never }[StageName];
export const wholeJobNames = jobNames.filter((job): job is WholeJobName => jobs[job].subject !== 'run');

/** Whether a stage trains or predicts, and so needs an engine. */
export function computes(stage: StageName): boolean {
  return stages[stage].compute !== null;
}

/** Whether a stage reads the images of a source, which may have to be downloaded. */
export function readsSources(stage: StageName): boolean {
  return stages[stage].store.reads.includes(prefixes.sources);
}

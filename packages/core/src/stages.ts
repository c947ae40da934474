import { prefixes, type StorePrefix } from './keys.ts';

/** A job on AWS Batch, and what it may do with the store. */
export interface Job {
  /** What one job or task works on: the whole plan, one of its datasets, or one of its runs. */
  readonly subject: Subject;
  /** What it computes on an engine; null: nothing, so that it needs none. */
  readonly compute: 'training' | 'inference' | null;
  readonly store: StoreAccess;
  readonly batch: BatchResources;
}

/** What runs as a process of its own: locally, in a container, or as a job on AWS Batch. */
export interface Stage<Name extends string = string> extends Job {
  /**
   * Raised when its mathematics changes. The ids of what it makes change with it, and those of what rests on them: a new metric raises
   * evaluate's, so that every run is evaluated again and none is trained. In what ids hash the member is called `recipeVersion`,
   * from the time when one version stood for all stages; report's is of the page's reading of the same records.
   */
  readonly version: number;
  /** One line for the help of its command. */
  readonly summary: string;
  /** Stages that must have succeeded on what its subject rests on; where one fails, the task is left out. */
  readonly requires: readonly Name[];
  /** Stages that must have ended, however they did. */
  readonly follows: readonly Name[];
  /** Peak memory of its process on one machine, in MiB; null where it computes: the network and its data decide. */
  readonly memoryMib: number | null;
  /** Where one subject's results are; null where no single folder holds them. */
  readonly results: StageResults | null;
  /** Stages whose results no longer hold once this one's are replaced: --force removes them too. */
  readonly replaces: readonly Name[];
}

export type Subject = 'plan' | 'dataset' | 'run';

/** By key prefix. Whatever a job reads it may also list. */
export interface StoreAccess {
  readonly reads: readonly StorePrefix[];
  readonly writes: readonly StorePrefix[];
  /** Prefixes it removes objects from. */
  readonly removes: readonly StorePrefix[];
}

export interface StageResults {
  /** `<prefix><id>/` is the folder. */
  readonly prefix: StorePrefix;
  readonly namedBy: 'datasetId' | 'runId' | 'evaluationId';
  /** The object that is written last: with it, the results are there. */
  readonly marker: string;
  /** What a person says of a subject that has them. */
  readonly participle: string;
}

export interface BatchResources {
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Above 0: the job runs on a GPU instance with the GPU image, else on Fargate. */
  readonly gpus: number;
  /** The engine it is told to use; null: it chooses by itself, or needs none. */
  readonly engine: string | null;
  /** Which of the deployment's time limits ends it: `trainTimeoutHours` or `stageTimeoutMinutes`. */
  readonly timeLimit: 'training' | 'stage';
  /** What a cost estimate reckons with; null where that depends on the network. */
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
    // Reading, splitting and writing all of CIFAR-10 stays below this.
    memoryMib: 500,
    store: { reads: [...ALWAYS_READ, prefixes.datasets, prefixes.sources], writes: [prefixes.datasets], removes: [] },
    results: { prefix: prefixes.datasets, namedBy: 'datasetId', marker: 'index.json', participle: 'prepared' },
    replaces: [],
    batch: { vcpus: 2, memoryMib: 4096, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 180 },
  },
  train: {
    subject: 'run',
    version: 1,
    summary: 'train runs, continuing from their checkpoints',
    requires: ['data-prep'],
    follows: [],
    compute: 'training',
    memoryMib: null,
    store: {
      reads: [...ALWAYS_READ, prefixes.datasets, prefixes.runs],
      writes: [prefixes.runs],
      // Checkpoints that later ones stand in for.
      removes: [prefixes.runs],
    },
    results: { prefix: prefixes.runs, namedBy: 'runId', marker: 'run.json', participle: 'trained' },
    replaces: ['evaluate'],
    batch: {
      vcpus: 4,
      // g4dn.xlarge and its like have 16 GiB; the ECS agent and the system take some.
      memoryMib: 14_336,
      gpus: 1,
      engine: 'tensorflow-gpu',
      timeLimit: 'training',
      typicalSeconds: null,
    },
  },
  evaluate: {
    subject: 'run',
    version: 1,
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
    version: 1,
    summary: 'test the differences between the evaluated runs',
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
    summary: 'build the report of what is there',
    requires: [],
    follows: ['compare'],
    store: {
      reads: [...ALWAYS_READ, prefixes.runs, prefixes.evaluations, prefixes.comparisons],
      writes: [prefixes.reports],
      removes: [],
    },
    results: null,
    replaces: [],
    batch: { vcpus: 2, memoryMib: 8192, gpus: 0, engine: null, timeLimit: 'stage', typicalSeconds: 90 },
  },
} as const satisfies Readonly<Record<string, Stage>>;

export type StageName = keyof typeof table;
export type SubjectOf<Name extends StageName> = (typeof table)[Name]['subject'];

/** What the stages are, in the order of the pipeline. */
export const stages: Readonly<Record<StageName, Stage<StageName>>> = table;
export const stageNames = Object.keys(stages) as readonly StageName[];

/** On AWS a job opens the execution before the stages: it writes the plan and the list of unfinished runs. */
export type JobName = 'plan' | StageName;

/** Every job of an execution, in its order. */
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

/** Whether a stage trains or predicts, by an engine that someone chooses. */
export function computes(stage: StageName): boolean {
  return stages[stage].compute !== null;
}

/** Whether a stage reads the images of a source, which may have to be downloaded. */
export function readsSources(stage: StageName): boolean {
  return stages[stage].store.reads.includes(prefixes.sources);
}

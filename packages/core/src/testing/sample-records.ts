import type { EvaluationRecord } from '../records/evaluation-records.ts';
import type { EngineDescription, EvaluationMeasurement, TrainingMeasurement } from '../records/measurement-records.ts';
import type { Recipe } from '../manifest/recipe-schema.ts';
import type { Plan } from '../records/plan-records.ts';
import type { FileEntry, RunRecord } from '../records/run-records.ts';

const recipe: Recipe = {
  model: { type: 'cifarnet' },
  optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false, l2: 0, decayBiasAndNorm: true },
  schedule: { type: 'constant', warmupEpochs: 0, warmupFactor: 0.1 },
  batchSize: 10,
  maxEpochs: 5,
  earlyStopping: null,
  selection: 'validationLoss',
  normalization: { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] },
  augmentation: null,
  replicas: 1,
  labelSmoothing: 0,
  classWeights: null,
  sampling: 'shuffled',
  mixup: null,
  maxGradientNorm: null,
  ema: null,
};

/** A whole plan of runs with these ids and nothing else that matters. */
export function samplePlan(runIds: readonly string[]): Plan {
  return {
    formatVersion: 1,
    planId: 'p',
    name: 'n',
    manifest: { fileName: 'n.yaml', text: '' },
    datasets: [],
    experiments: [],
    runs: runIds.map((runId) => ({
      runId,
      recipeId: 'recipe',
      datasetId: 'dataset',
      experiments: [],
      seed: 1,
      recipe,
      augmentationId: null,
      parameters: 1,
      macs: 1,
    })),
    report: { title: 'n', text: '', sections: [] },
    warnings: [],
  };
}

const file: FileEntry = { key: 'some/file', bytes: 1, sha256: '0' };

/** A whole record of a training that went well, in which a test sets what it is about. */
export function sampleRunRecord(more: Partial<RunRecord> = {}): RunRecord {
  return {
    formatVersion: 1,
    runId: 'run',
    recipeId: 'recipe',
    datasetId: 'dataset',
    seed: 1,
    status: 'finished',
    stopReason: 'maxEpochs',
    epochs: [],
    steps: 0,
    imagesSeen: 0,
    bestEpoch: 1,
    model: file,
    history: file,
    parameters: 1,
    macs: 1,
    ...more,
  };
}

/** A whole record of an evaluation, likewise; of each split's scores it has the two that every version writes. */
export function sampleEvaluationRecord(more: Partial<EvaluationRecord> = {}): EvaluationRecord {
  const scores = { images: 1, accuracy: 1 } as EvaluationRecord['test'];
  return {
    formatVersion: 1,
    evaluationId: 'evaluation',
    runId: 'run',
    datasetId: 'dataset',
    bestEpoch: 1,
    classes: ['a', 'b'],
    test: scores,
    validation: scores,
    generalizationGap: 0,
    cost: { parameters: 1, macs: 1, flops: 2, ptflops: 1, fvcore: 1, thop: 1, activationBytes: 4 },
    trainingFlops: 1,
    modelBytes: 1,
    predictions: file,
    correctness: '',
    testSetSha256: '0',
    hardestImages: [],
    confidentlyWrong: [],
    ...more,
  };
}

export function sampleEngineDescription(name: string): EngineDescription {
  return {
    name,
    build: 'some build',
    versions: {},
    hardware: { processor: 'some processor', cores: 2, memoryMib: 4096 },
    bakeoffVersion: '0.0.0',
    codeRevision: 'unknown',
  };
}

export function sampleTrainingMeasurement(more: Partial<TrainingMeasurement> = {}): TrainingMeasurement {
  return {
    formatVersion: 1,
    runId: 'run',
    attemptId: 'attempt',
    engine: sampleEngineDescription('wasm'),
    startedAt: '2026-01-01T00:00:00.000Z',
    firstStep: 0,
    lastStep: 1,
    outcome: 'finished',
    wallSeconds: 1,
    imagesPerSecond: 1,
    epochs: [],
    peakMemoryBytes: 1,
    ...more,
  };
}

export function sampleEvaluationMeasurement(more: Partial<EvaluationMeasurement> = {}): EvaluationMeasurement {
  return {
    formatVersion: 1,
    evaluationId: 'evaluation',
    attemptId: 'attempt',
    engine: sampleEngineDescription('wasm'),
    startedAt: '2026-01-01T00:00:00.000Z',
    wallSeconds: 1,
    latency: [],
    ...more,
  };
}

import {
  decodeSafetensors,
  encodeSafetensors,
  type EvaluationRecord,
  evaluationId,
  keys,
  readJson,
  readShard,
  readVerified,
  type RunRecord,
  type ShardEntry,
  sha256,
  type StageEvent,
  writeShard,
  evaluationMeasurementSchema,
} from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { createNetwork, loadSplit } from '@bakeoff/model';
import { describeModel } from '@bakeoff/model/architectures';
import { type Engine, type EngineName, loadEngine } from '@bakeoff/engine';
import { installedPeerEngines } from '@bakeoff/engine/testing';
import { memory, softmax, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreSplit } from '@bakeoff/statistics/metrics';
import { scoreImages } from '@bakeoff/statistics/predictions';
import { decodePredictions } from '../predictions/predictions-file.ts';
import { callEvaluateRun, makeSampleRun, type SampleRun } from '../testing/sample-run.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine('wasm');
});

/** The pixel that reflect padding of one pixel shows, on an axis of eight. */
const inside = (place: number): number => (place < 0 ? 1 : place > 7 ? 6 : place);

async function evaluate(sample: SampleRun): Promise<EvaluationRecord> {
  const evaluation = await callEvaluateRun(sample, engine);
  if (evaluation === null) throw new Error('the sample run has weights');
  return evaluation;
}

/** Steps on a device without memory. */
const fullDevice = () => ({
  run: () => {
    throw new Error('Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[250,32,32,64]');
  },
  publish: () => undefined,
  dispose: () => undefined,
});

describe('a run of a network with one output per class', () => {
  let sample: SampleRun;
  let evaluation: EvaluationRecord;

  beforeAll(async () => {
    sample = await makeSampleRun();
    evaluation = await evaluate(sample);
  });

  it('stores the logits that the network gives for one image at a time', async () => {
    const network = createNetwork(sample.run.recipe.model, { imageShape: [8, 8, 3], classes: 3 });
    network.loadState(decodeSafetensors(await storedBytes(sample.store, sample.record.model!.key)).tensors, 'weights');
    const { images } = await loadSplit(sample.store, sample.index, 'test');
    const predictions = decodePredictions(await readVerified(sample.store, evaluation.predictions), 'predictions');
    for (const image of [0, 249, 250, 299]) {
      const pixels = Float32Array.from(
        images.subarray(image * 192, (image + 1) * 192),
        (pixel, i) => (pixel / 255 - 0.5) / (i % 3 === 2 ? 0.25 : 0.5),
      );
      const logits = network.predict(tensor4d(pixels, [1, 8, 8, 3])).dataSync();
      logits.forEach((logit, c) => expect(predictions.logits[image * 3 + c]).toBeCloseTo(logit, 4));
    }
    network.dispose();
  });

  it('with test-time augmentation, averages logits as airbench does, under an id of its own, and counts every pass', async () => {
    const augmented = await callEvaluateRun(sample, engine, { evaluation: { flip: true, translate: 1 } });
    if (augmented === null) throw new Error('the sample run has weights');
    const network = createNetwork(sample.run.recipe.model, { imageShape: [8, 8, 3], classes: 3 });
    network.loadState(decodeSafetensors(await storedBytes(sample.store, sample.record.model!.key)).tensors, 'weights');
    const { images } = await loadSplit(sample.store, sample.index, 'test');
    const predictions = decodePredictions(await readVerified(sample.store, augmented.predictions), 'predictions');
    for (const image of [0, 299]) {
      // keller-jordan/cifar10-airbench: infer_mirror_translate, with crops of the image padded by reflection.
      const logitsOf = (dx: number, dy: number, isFlipped: boolean): number[] => {
        const pixels = Float32Array.from({ length: 192 }, (_, at) => {
          const [x, y, c] = [Math.floor(at / 3) % 8, Math.floor(at / 24), at % 3];
          const from = inside((isFlipped ? 7 - x : x) + dx);
          const pixel = images[image * 192 + (inside(y + dy) * 8 + from) * 3 + c]!;
          return (pixel / 255 - 0.5) / (c === 2 ? 0.25 : 0.5);
        });
        return [...network.predict(tensor4d(pixels, [1, 8, 8, 3])).dataSync()];
      };
      const mirrored = (dx: number, dy: number) =>
        logitsOf(dx, dy, false).map((logit, c) => 0.5 * logit + 0.5 * logitsOf(dx, dy, true)[c]!);
      const [plain, upLeft, downRight] = [mirrored(0, 0), mirrored(-1, -1), mirrored(1, 1)];
      plain.forEach((logit, c) =>
        expect(predictions.logits[image * 3 + c]).toBeCloseTo(0.5 * logit + 0.25 * (upLeft[c]! + downRight[c]!), 4),
      );
    }
    network.dispose();
    expect(augmented.evaluationId).not.toBe(evaluation.evaluationId);
    expect(augmented).toMatchObject({ runId: 'run', evaluation: { flip: true, translate: 1 } });
    expect('evaluation' in evaluation).toBe(false);
    expect(augmented.cost).toEqual({
      ...evaluation.cost,
      ...Object.fromEntries(
        (['macs', 'flops', 'ptflops', 'fvcore', 'thop'] as const).map((name) => [name, 6 * evaluation.cost[name]]),
      ),
    });
    expect(augmented.trainingFlops).toBe(evaluation.trainingFlops);
    expect(augmented.test.nll).not.toBe(evaluation.test.nll);
  });

  it('says in one message that the device has no memory for a batch', async () => {
    const full = { ...engine, name: 'tensorflow', createRecorder: fullDevice } as const;
    await expect(callEvaluateRun(sample, full, { evaluation: { flip: true, translate: 0 } })).rejects.toThrow(
      /^evaluation of run run: the device has no memory for a batch.*\n.*received: OOM when.*shape\[250,32,32,64\]\n/,
    );
  });

  it('scores the contents of its predictions file', async () => {
    const predictions = decodePredictions(await readVerified(sample.store, evaluation.predictions), 'predictions');
    const images = scoreImages(predictions);
    expect(scoreSplit(predictions, images, sample.index.classes)).toEqual(evaluation.test);
    expect(softmax([...predictions.logits.subarray(0, 3)]).dataSync()[predictions.labels[0]!]).toBeCloseTo(
      Math.exp(-images.loss[0]!),
      6,
    );
    expect(evaluation.test.images).toBe(300);
    expect(evaluation.validation.images).toBe(40);
    const bits = Buffer.from(evaluation.correctness, 'base64');
    const right = [...bits].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect(right / 300).toBe(evaluation.test.accuracy);
  });

  it('counts cost, training FLOPs and the generalization gap of the best epoch', () => {
    const { cost } = describeModel(sample.run.recipe.model, { imageShape: [8, 8, 3], classes: 3 });
    expect(evaluation.cost).toEqual(cost);
    expect(evaluation.trainingFlops).toBe(cost.flops * (3 * 1000 + 40 * 3));
    expect(evaluation.generalizationGap).toBe(0.75 - evaluation.test.accuracy);
    expect(evaluation.modelBytes).toBe(sample.record.model?.bytes);
  });

  it('shows the images with the highest loss, and the wrong ones with the highest confidence', () => {
    const { hardestImages, confidentlyWrong } = evaluation;
    expect([hardestImages.length, confidentlyWrong.length]).toEqual([12, 12]);
    expect(hardestImages.map(({ loss }) => loss)).toEqual(
      hardestImages.map(({ loss }) => loss).toSorted((a, b) => b - a),
    );
    expect(confidentlyWrong.every(({ label, prediction }) => label !== prediction)).toBe(true);
    expect(confidentlyWrong.map(({ confidence }) => confidence)).toEqual(
      confidentlyWrong.map(({ confidence }) => confidence).toSorted((a, b) => b - a),
    );
  });

  it('measures latency at batch 1 and 128 next to the record, not in it', async () => {
    const measurement = await readJson(
      sample.store,
      keys.evaluationMeasurement(evaluation.evaluationId, 'attempt'),
      evaluationMeasurementSchema,
    );
    expect(measurement?.latency.map(({ batchSize }) => batchSize)).toEqual([1, 128]);
    for (const { medianMs, imagesPerSecond, batchSize } of measurement?.latency ?? [])
      expect(imagesPerSecond).toBeCloseTo((1000 * batchSize) / medianMs, 6);
    expect(JSON.stringify(evaluation)).not.toContain('medianMs');
  });

  it('returns an existing record without computing anything', async () => {
    const events: StageEvent[] = [];
    const again = await callEvaluateRun(sample, engine, {
      attemptId: 'second',
      onEvent: (event) => events.push(event),
    });
    expect(again).toEqual(evaluation);
    expect(events).toEqual([{ type: 'reused', what: 'evaluation', id: evaluationId('run') }]);
    expect(await sample.store.get(keys.evaluationMeasurement(evaluation.evaluationId, 'second'))).toBeUndefined();
  });

  it('writes the same bytes when it evaluates the saved model again', async () => {
    const written = (): Promise<(Uint8Array | undefined)[]> =>
      Promise.all(
        [keys.evaluationRecord(evaluation.evaluationId), evaluation.predictions.key].map((key) =>
          sample.store.get(key),
        ),
      );
    const before = await written();
    await sample.store.delete(keys.evaluationRecord(evaluation.evaluationId));
    await sample.store.delete(evaluation.predictions.key);
    await evaluate(sample);
    expect(await written()).toEqual(before);
  });
});

it('counts every image of a network of 1000 outputs either in the confusion or beyond it', async () => {
  const sample = await makeSampleRun({
    type: 'layers',
    layers: [{ type: 'globalAveragePool' }, { type: 'dense', units: 1000 }],
  });
  const { test, predictions } = await evaluate(sample);
  const rows = test.confusion.map((row, label) =>
    row.reduce((sum, count) => sum + count, test.otherPredictions?.[label] ?? 0),
  );
  expect(rows).toEqual([100, 100, 100]);
  expect(test.otherPredictions?.reduce((sum, count) => sum + count)).toBeGreaterThan(200);
  expect(predictions.bytes).toBeLessThan(300 * 64 + 1000);
});

/** One pixel of the first test image, in a shard whose index entry fits. */
async function changePixel({ store, index }: SampleRun): Promise<void> {
  const shards = index.splits.test.shards as ShardEntry[];
  const shard = shards[0]!;
  const content = await readShard(store, shard, index);
  content.images[0] = content.images[0]! ^ 1;
  shards[0] = await writeShard(store, shard.key, content, index.imageShape);
}

/** Sets the last layer's bias to these values, so that an untrained network predicts every class. */
async function replaceBias(sample: SampleRun, bias: readonly number[]): Promise<SampleRun> {
  const weights = decodeSafetensors(await storedBytes(sample.store, sample.record.model!.key)).tensors;
  const body = encodeSafetensors({ ...weights, 'fc.bias': { shape: [bias.length], data: Float32Array.from(bias) } });
  const model = { key: keys.runModel('run', sha256(body)), bytes: body.length, sha256: sha256(body) };
  await sample.store.put(model.key, body);
  return { ...sample, record: { ...sample.record, model } };
}

async function logitsOn(name: EngineName, bias: readonly number[]): Promise<Float32Array> {
  const loaded = await loadEngine(name);
  const sample = await replaceBias(await makeSampleRun(), bias);
  const evaluation = await callEvaluateRun(sample, loaded);
  if (evaluation === null) throw new Error('the sample run has weights');
  return decodePredictions(await readVerified(sample.store, evaluation.predictions), 'predictions').logits;
}

/** Classes by descending logit. */
function descending(logits: Float32Array, image: number): number[] {
  return [0, 1, 2].sort((a, b) => logits[image * 3 + b]! - logits[image * 3 + a]!);
}

it.each(['wasm', ...installedPeerEngines] as const)(
  'gives the same logits within 1e-4, and the same classes except for ties, on the engines cpu and %s',
  async (name) => {
    const images = Array.from({ length: 300 }, (_, image) => image);
    const unbiased = await logitsOn('wasm', [0, 0, 0]);
    const bias = [0, 1, 2].map((c) => -images.reduce((sum, image) => sum + unbiased[image * 3 + c]!, 0) / 300);
    const cpu = await logitsOn('cpu', bias);
    const found = await logitsOn(name, bias);
    expect(Math.max(...found.map((logit, i) => Math.abs(logit - cpu[i]!)))).toBeLessThan(1e-4);
    const differing = images.filter((image) => descending(found, image)[0] !== descending(cpu, image)[0]);
    const tied = images.filter((image) => {
      const [first = 0, second = 0] = descending(cpu, image);
      return cpu[image * 3 + first]! - cpu[image * 3 + second]! < 2e-4;
    });
    expect(differing.filter((image) => !tied.includes(image))).toEqual([]);
    // Otherwise equal classes would prove little.
    expect(tied.length).toBeLessThan(30);
    expect(new Set(images.map((image) => descending(cpu, image)[0])).size).toBe(3);
  },
);

it('distinguishes test sets by their pixels alone', async () => {
  const sample = await makeSampleRun();
  const first = await evaluate(sample);
  const other = await makeSampleRun();
  expect((await evaluate(other)).testSetSha256).toBe(first.testSetSha256);
  const changed = await makeSampleRun();
  await changePixel(changed);
  expect((await evaluate(changed)).testSetSha256).not.toBe(first.testSetSha256);
});

it('evaluates a diverged run that kept weights, and warns about one that has none', async () => {
  const sample = await makeSampleRun();
  const diverged = { ...sample, record: { ...sample.record, status: 'diverged' } as RunRecord };
  expect((await evaluate(diverged)).bestEpoch).toBe(2);
  const empty = await makeSampleRun();
  const events: StageEvent[] = [];
  expect(
    await callEvaluateRun(
      { ...empty, record: { ...empty.record, status: 'diverged', model: null, bestEpoch: null, epochs: [] } },
      engine,
      { onEvent: (event) => events.push(event) },
    ),
  ).toBeNull();
  expect(events).toEqual([
    { type: 'warning', text: 'run run diverged before its first epoch ended: it has no weights to evaluate' },
  ]);
  expect(await empty.store.get(keys.evaluationRecord(evaluationId('run')))).toBeUndefined();
});

it('names damaged weights, and writes nothing', async () => {
  const sample = await makeSampleRun();
  const key = sample.record.model?.key ?? '';
  const body = await storedBytes(sample.store, key);
  body[body.length - 1] = body[body.length - 1]! ^ 1;
  await sample.store.put(key, body);
  await expect(evaluate(sample)).rejects.toThrow(`${key} in memory: is damaged`);
  expect(await sample.store.get(keys.evaluationRecord(evaluationId('run')))).toBeUndefined();
});

it('stops between batches when aborted, and leaves no tensor behind', async () => {
  const sample = await makeSampleRun();
  await evaluate(await makeSampleRun());
  const before = memory().numTensors;
  const stop = new AbortController();
  const events: StageEvent[] = [];
  const stopAtFirst = (event: StageEvent): void => {
    events.push(event);
    stop.abort();
  };
  await expect(callEvaluateRun(sample, engine, { onEvent: stopAtFirst, signal: stop.signal })).rejects.toThrow(
    /abort/i,
  );
  expect(events).toHaveLength(1);
  expect(memory().numTensors).toBe(before);
});

import { keys, MemoryStore, readJson, trainingMeasurementSchema } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { AttemptMeter } from './measurement.ts';
import { ManualClock } from './testing/manual-clock.ts';

it('AttemptMeter counts throughput over training time only, and wall time over everything', async () => {
  const store = new MemoryStore();
  const clock = new ManualClock();
  let heap = 100;
  const description = {
    name: 'wasm',
    build: 'simd',
    versions: {},
    hardware: { processor: 'p', cores: 2, memoryMib: 4 },
    bakeoffVersion: '1',
    codeRevision: 'r',
  };
  const meter = new AttemptMeter(
    { store, clock },
    {
      runId: 'run',
      attemptId: 'try',
      description,
      host: { purchase: 'spot' },
      gpuUse: () => ({ samples: 2, peakMemoryMib: 900, meanUtilization: null }),
    },
  );
  meter.startAt(40, () => heap);
  for (const step of [41, 42]) {
    clock.advance(500);
    meter.addStep(step, 32, 500);
  }
  clock.advance(3000);
  meter.endEpoch(5);
  await meter.write('running');
  heap = 50;
  await meter.write('interrupted');
  expect(await readJson(store, keys.runMeasurement('run', 'try'), trainingMeasurementSchema)).toEqual({
    formatVersion: 1,
    runId: 'run',
    attemptId: 'try',
    engine: description,
    startedAt: '2026-01-01T00:00:00.000Z',
    firstStep: 40,
    lastStep: 42,
    outcome: 'interrupted',
    wallSeconds: 4,
    imagesPerSecond: 64,
    epochs: [{ epoch: 5, wallSeconds: 4, imagesPerSecond: 64 }],
    peakMemoryBytes: 100,
    gpu: { samples: 2, peakMemoryMib: 900, meanUtilization: null },
    host: { purchase: 'spot' },
  });
});

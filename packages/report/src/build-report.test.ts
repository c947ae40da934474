import {
  type DatasetIndex,
  evaluationId,
  keys,
  MemoryStore,
  PLAIN_EVALUATION,
  readJson,
  UserError,
  writeJson,
  writeShard,
} from '@bakeoff/core';
import { encodePng } from '@bakeoff/core/png';
import {
  type RunFailure,
  type StageEvent,
  datasetIndexSchema,
  runRecordSchema,
  evaluationRecordSchema,
  trainingMeasurementSchema,
} from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { buildReport, readReport } from './build-report.ts';
import { pageMarkup } from './page/page.ts';
import { studySpec, troubledSpec } from './testing/fixture-plan.ts';
import { fewRuns, fixtureContext, small } from './testing/fixture-report.ts';
import { putJson } from './testing/fixture-run.ts';
import { writeFixture } from './testing/write-fixture.ts';

const text = async (store: MemoryStore, key: string): Promise<string> => new TextDecoder().decode(await store.get(key));
const withoutMeasurements = (page: string): string =>
  page.replaceAll(/<!--measurements-->[\s\S]*?<!--\/measurements-->/g, '');

const split = (count: number) => ({ count, countsPerClass: [count], shards: [] });

describe('buildReport', () => {
  it('writes page and record under the report\u2019s id and under the manifest\u2019s stable address', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const { reportId, pageKey, latestPageKey, summary } = await buildReport({ plan }, fixtureContext(store));
    expect(pageKey).toBe(`reports/${reportId}/index.html`);
    expect(await text(store, latestPageKey!)).toBe(await text(store, pageKey));
    expect(await text(store, keys.latestReportRecord(plan.name))).toBe(await text(store, keys.reportRecord(reportId)));
    expect(summary).toContain('has the highest validation accuracy');
  });

  it('depends on the records alone: another machine\u2019s times change nothing outside the measured blocks', async () => {
    const [a, b] = [new MemoryStore(), new MemoryStore()];
    const plan = await writeFixture(a, small(troubledSpec()));
    await writeFixture(b, small(troubledSpec()));
    const run = plan.runs[0]!;
    for (const attempt of ['a1', 'a2']) {
      const key = keys.runMeasurement(run.runId, attempt);
      const measurement = (await readJson(b, key, trainingMeasurementSchema))!;
      await putJson(b, key, {
        ...measurement,
        wallSeconds: 99_999,
        imagesPerSecond: 1,
        engine: {
          ...measurement.engine,
          name: 'cpu',
          hardware: { ...measurement.engine.hardware, processor: 'another' },
        },
      });
    }
    await b.delete(keys.evaluationMeasurement(evaluationId(run.runId), 'a1'));
    const [first, second] = [
      await buildReport({ plan }, fixtureContext(a)),
      await buildReport({ plan }, fixtureContext(b)),
    ];
    expect(second.reportId).toBe(first.reportId);
    expect(await text(b, keys.reportRecord(first.reportId))).toBe(await text(a, keys.reportRecord(first.reportId)));
    const pages = [await text(a, first.pageKey), await text(b, first.pageKey)] as const;
    expect(pages[0]).not.toBe(pages[1]);
    expect(withoutMeasurements(pages[1])).toBe(withoutMeasurements(pages[0]));
    expect(withoutMeasurements(pages[0])).not.toContain('EPYC');
  });

  it('has a different id if a record is different', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const before = (await buildReport({ plan }, fixtureContext(store))).reportId;
    const key = keys.runRecord(plan.runs[3]!.runId);
    const record = (await readJson(store, key, runRecordSchema))!;
    await putJson(store, key, { ...record, steps: record.steps + 1 });
    expect((await buildReport({ plan }, fixtureContext(store))).reportId).not.toBe(before);
  });

  it('tells what was found in the images first among the caveats, and has another id then', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const before = await readReport({ plan }, fixtureContext(store));
    const { datasetId, config, sourceSha256, classes, images } = plan.datasets[0]!;
    const index: DatasetIndex = {
      formatVersion: 1,
      datasetId,
      config,
      sourceSha256,
      classes,
      imageShape: [32, 32, 3],
      splits: { train: split(images.train), validation: split(images.validation), test: split(images.test) },
      channelMeans: [0.5, 0.5, 0.5],
      channelStandardDeviations: [0.2, 0.2, 0.2],
      findings: [],
      samples: null,
      dropped: null,
    };
    await writeJson(store, keys.datasetIndex(datasetId), index, datasetIndexSchema);
    expect(await readReport({ plan }, fixtureContext(store))).toEqual(before);
    const findings = [{ kind: 'sharedImages', split: 'test', also: 'train', images: 30, of: 30 }] as const;
    await writeJson(store, keys.datasetIndex(datasetId), { ...index, findings } as DatasetIndex, datasetIndexSchema);
    const { data } = await readReport({ plan }, fixtureContext(store));
    expect(data.caveats).toEqual([
      'All 30 test images (100.00 %) also stand among the training images, with the same pixels: test accuracy partly measures memory.',
      ...before.data.caveats,
    ]);
    expect(data.reportId).not.toBe(before.data.reportId);
  });

  it('shows a few training images of each class, if pictures are allowed and the dataset has any', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const { datasetId, config, sourceSha256, classes } = plan.datasets[0]!;
    // Two images of the first class and one of the last, 2×1 pixels each; columns of one image stay together.
    const content = {
      images: Uint8Array.from({ length: 18 }, (_, i) => i),
      labels: Uint8Array.of(0, 0, classes.length - 1),
      ids: Int32Array.of(0, 1, 2),
    };
    const shard = await writeShard(store, keys.samples(datasetId), content, [2, 1, 3]);
    const index: DatasetIndex = {
      formatVersion: 1,
      datasetId,
      config,
      sourceSha256,
      classes,
      imageShape: [2, 1, 3],
      splits: { train: split(7), validation: split(7), test: split(7) },
      channelMeans: [0.5, 0.5, 0.5],
      channelStandardDeviations: [0.2, 0.2, 0.2],
      findings: [],
      samples: { shard, imageShape: [2, 1, 3] },
      dropped: null,
    };
    await writeJson(store, keys.datasetIndex(datasetId), index, datasetIndexSchema);
    const { data } = await readReport({ plan }, fixtureContext(store));
    const [first, last] = data.datasets[0]?.samples?.classes ?? [];
    expect([first?.name, first?.count, last?.name]).toEqual([classes[0], 2, classes.at(-1)]);
    const strip = encodePng(Uint8Array.of(0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11), [2, 2, 3]);
    expect(first?.png).toBe(Buffer.from(strip).toString('base64'));
    expect(data.datasets[0]?.images.train).toBe(7);
    const page = await text(store, (await buildReport({ plan }, fixtureContext(store))).pageKey);
    expect(page.split(first!.png).length - 1).toBe(1);
    expect(page.includes(`alt="2 training images of class ${classes[0]}"`)).toBe(true);
    const without = await buildReport({ plan }, fixtureContext(store), { pictures: false });
    expect((await text(store, without.pageKey)).includes('id="images"')).toBe(false);
    await store.delete(keys.samples(datasetId));
    expect((await readReport({ plan }, fixtureContext(store))).data.datasets[0]?.samples).toBeNull();
  });

  it('keeps a page of twenty runs below three megabytes, images aside', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, studySpec());
    const page = await text(store, (await buildReport({ plan }, fixtureContext(store))).pageKey);
    expect(Buffer.byteLength(page.replaceAll(/iVBORw0KGgo[\w+/=]*/g, ''))).toBeLessThan(3e6);
  });

  it('says so if the comparison is missing, and continues without tests', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    for await (const { key } of store.list('comparisons/')) await store.delete(key);
    const events: StageEvent[] = [];
    const { summary } = await buildReport({ plan }, fixtureContext(store, events));
    expect(summary).toContain('No comparison record was found');
    expect(events.filter((event) => event.type === 'warning')).toHaveLength(1);
  });

  it('names a history that is damaged by one byte', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const { history } = (await readJson(store, keys.runRecord(plan.runs[2]!.runId), runRecordSchema))!;
    const body = (await store.get(history.key))!.slice();
    body[body.length - 1]! ^= 1;
    await store.put(history.key, body);
    await expect(buildReport({ plan }, fixtureContext(store))).rejects.toThrow(UserError);
    await expect(buildReport({ plan }, fixtureContext(store))).rejects.toThrow(history.key);
  });

  it('works without histories and predictions that were pruned', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const files: string[] = [];
    for await (const { key } of store.list('')) if (/history|predictions/.test(key)) files.push(key);
    for (const key of files) await store.delete(key);
    const { data } = await readReport({ plan }, fixtureContext(store));
    expect(data.runs.every((run) => run.curve === null && run.epochs.length > 0)).toBe(true);
    await expect(buildReport({ plan }, fixtureContext(store))).resolves.toMatchObject({
      pageKey: expect.stringContaining('index.html'),
    });
  });

  it('stops between two runs when it is aborted', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const stop = new AbortController();
    stop.abort();
    await expect(buildReport({ plan }, { ...fixtureContext(store), signal: stop.signal })).rejects.toThrow(/abort/i);
  });
});

describe('the packed data', () => {
  it('holds the records\u2019 figures unchanged, and every run\u2019s answer to the gallery\u2019s images', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const { data } = await readReport({ plan }, fixtureContext(store));
    for (const [i, run] of data.runs.entries()) {
      const evaluation = (await readJson(
        store,
        keys.evaluationRecord(evaluationId(run.runId)),
        evaluationRecordSchema,
      ))!;
      expect(run.evaluation!.test).toEqual(evaluation.test);
      for (const hard of evaluation.hardestImages) {
        const place = data.gallery!.images.findIndex((image) => image.id === hard.id);
        if (place < 0) continue;
        expect(data.gallery!.answers[i]!.predictions[place]).toBe(hard.prediction);
        expect(data.gallery!.answers[i]!.confidences[place]).toBeCloseTo(hard.confidence, 4);
      }
    }
  });

  it('leaves out the pictures on request, and nothing else', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const { data } = await readReport({ plan }, fixtureContext(store));
    const { data: bare } = await readReport({ plan }, fixtureContext(store), { pictures: false });
    expect(bare).toEqual({
      ...data,
      gallery: { ...data.gallery, images: data.gallery!.images.map((image) => ({ ...image, png: null })) },
    });
    const { pageKey } = await buildReport({ plan }, fixtureContext(store), { pictures: false });
    const page = new TextDecoder().decode(await store.get(pageKey));
    expect(page).not.toMatch(/data:image\/png;base64,\w/);
    expect(page).toContain('The pictures were left out of this page.');
  });

  it('says what happened to each run of a troubled plan', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, small(troubledSpec()));
    const { data, measurements } = await readReport({ plan }, fixtureContext(store));
    expect(data.runs.map((run) => run.status)).toEqual([
      'finished',
      'finished',
      'diverged',
      'missing',
      'missing',
      'notEvaluated',
    ]);
    expect(measurements.runs.map((run) => run?.attempts.map((a) => a.outcome))).toEqual([
      ['interrupted', 'finished'],
      ['finished'],
      ['diverged'],
      ['failed'],
      undefined,
      ['finished'],
    ]);
    expect(measurements.runs[0]!.lostSeconds).toBeGreaterThan(0);
    expect(data.summary.join(' ')).toContain('4 planned trainings of 6 have no result');
  });

  it('shows the result of a run that diverged with weights, and finds the comparison that covers it', async () => {
    const spec = small(troubledSpec());
    const store = new MemoryStore();
    const experiments = spec.experiments.map((e) => (e.outcome === 'diverged' ? { ...e, weightsKept: true } : e));
    const plan = await writeFixture(store, { ...spec, experiments });
    const events: StageEvent[] = [];
    const { data, measurements } = await readReport({ plan }, fixtureContext(store, events));
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
    expect(data.comparisonId).not.toBeNull();
    expect(data.runs[2]).toMatchObject({ status: 'diverged', evaluation: { test: { images: 300 } } });
    expect(data.rankings[0]!.rows.find(({ experiment }) => experiment === 2)?.trainings).toBe(1);
    expect(data.summary.join(' ')).toContain('3 planned trainings of 6 have no result');
    expect(pageMarkup(data, measurements, { script: '', sources: {} })).toMatch(
      /4 planned trainings of 6 diverged or have no result.*diverged: the loss was no longer a number; scored with its best weights before that/s,
    );
  });

  it('says why runs have no result, if that was recorded, outside of what the records determine', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, small(troubledSpec()));
    const recorded = [
      ['train', 'exit code 1 (made good by a later attempt)'],
      null,
      null,
      ['train', 'exit code 137 (OutOfMemoryError: <b>killed</b>)'],
      [null, 'Batch.AccessDeniedException: not authorized'],
      ['evaluate', 'exit code 2'],
    ] as const;
    const failures = new Map<string, RunFailure>();
    for (const [i, { runId }] of plan.runs.entries()) {
      const [stage, reason] = recorded[i] ?? [];
      if (reason !== undefined)
        failures.set(runId, {
          runId,
          stage: stage ?? null,
          reason,
          exitCode: null,
          attempts: 1,
          jobId: null,
          logStreamName: null,
        });
    }
    const { measurements } = await readReport({ plan }, fixtureContext(store), { failures });
    expect(measurements.failures).toEqual([
      null,
      null,
      null,
      'train failed: exit code 137 (OutOfMemoryError: <b>killed</b>)',
      'Batch.AccessDeniedException: not authorized',
      'evaluate failed: exit code 2',
    ]);
    const pageOf = async (options = {}): Promise<string> =>
      text(store, (await buildReport({ plan }, fixtureContext(store), options)).pageKey);
    const [silent, told] = [await pageOf(), await pageOf({ failures })];
    expect(told).toContain(
      'has no record<!--measurements-->; <bdi>train failed: exit code 137 (OutOfMemoryError: &lt;b&gt;killed&lt;/b&gt;)</bdi><!--/measurements-->',
    );
    expect(silent).not.toContain('OutOfMemoryError');
    const block = /<script type="application\/json" id="measurements">.*?<\/script>/;
    expect(withoutMeasurements(told).replace(block, '')).toBe(withoutMeasurements(silent).replace(block, ''));
  });

  it('sums up what the GPU did, and describes it with the machines', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, small(troubledSpec()));
    const run = plan.runs[1]!;
    const key = keys.runMeasurement(run.runId, 'a1');
    const whole = (await readJson(store, key, trainingMeasurementSchema))!;
    await putJson(store, keys.runMeasurement(run.runId, 'a2'), {
      ...whole,
      attemptId: 'a2',
      gpu: { samples: 4, peakMemoryMib: 2048, meanUtilization: 0.22 },
    });
    await putJson(store, keys.runMeasurement(run.runId, 'a3'), {
      ...whole,
      attemptId: 'a3',
      gpu: { samples: 9, peakMemoryMib: null, meanUtilization: null },
    });
    const { measurements } = await readReport({ plan }, fixtureContext(store));
    expect(measurements.runs[1]).toMatchObject({
      gpuPeakMemoryBytes: 2 ** 31,
      gpuUtilization: (12 * 0.62 + 4 * 0.22) / 16,
    });
    expect(measurements.runs[0]).toMatchObject({ gpuPeakMemoryBytes: null, gpuUtilization: null });
    const page = await text(store, (await buildReport({ plan }, fixtureContext(store))).pageKey);
    expect(page).toMatch(/<bdi>NVIDIA A10G<\/bdi> \(<bdi>[\d.]+\u00A0G[iB]+, driver 550\.54\.15<\/bdi>\)/);
    for (const heading of ['GPU memory', 'GPU use']) expect(page).toContain(`<bdi>${heading}</bdi>`);
  });

  it('says whose prices the dollars are, how much older than the trainings, and on which Fargate tasks', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const key = keys.runMeasurement(plan.runs[0]!.runId, 'a1');
    const whole = (await readJson(store, key, trainingMeasurementSchema))!;
    const host = { fargate: { vcpus: 1, memoryMib: 8192 }, purchase: 'on-demand' as const };
    await putJson(store, key, { ...whole, host, wallSeconds: 3600 });
    const prices = {
      date: '2026-10-22',
      region: 'eu-west-1',
      source: 'made up',
      hourly: { 'g5.xlarge': { onDemand: 1, spot: 0.4 } },
      fargate: { vcpuHour: 0.04, gibHour: 0.005 },
    };
    const { measurements } = await readReport({ plan }, fixtureContext(store), { prices });
    expect(measurements.prices).toMatchObject({ region: 'eu-west-1', date: '2026-10-22', ageDays: 31 });
    expect(measurements.runs[0]?.dollars).toBeCloseTo(0.08, 9);
    expect(measurements.runs[0]?.attempts[0]?.host).toBe('Fargate (1 vCPU, 8 GiB), on-demand');
    const page = await text(store, (await buildReport({ plan }, fixtureContext(store), { prices })).pageKey);
    expect(page).toMatch(
      /price in <bdi>eu-west-1<\/bdi> of <bdi>2026-10-22<\/bdi>, 31 days before the newest training/,
    );
  });
});

describe('evaluations with test-time augmentation', () => {
  it('are rows of their own beside the plain ones of the same trainings, named and with their MACs', async () => {
    const store = new MemoryStore();
    const plan = await writeFixture(store, fewRuns());
    const [plain] = plan.experiments as [(typeof plan.experiments)[number]];
    const evaluation = { flip: true, translate: 1 };
    for (const runId of plain.runIds) {
      const record = await readJson(store, keys.evaluationRecord(evaluationId(runId)), evaluationRecordSchema);
      const id = evaluationId(runId, evaluation);
      await putJson(store, keys.evaluationRecord(id), { ...record, evaluationId: id, evaluation });
    }
    const augmented = { ...plain, id: 'six', title: `${plain.title} with test-time flip and translate 1`, evaluation };
    const evaluations = [PLAIN_EVALUATION, evaluation];
    const runs = plan.runs.map((run) => (plain.runIds.includes(run.runId) ? { ...run, evaluations } : run));
    const input = { plan: { ...plan, experiments: [...plan.experiments, augmented], runs } };
    const { data, measurements } = await readReport(input, fixtureContext(store));
    expect(data.runs).toHaveLength(plan.runs.length + plain.runIds.length);
    const rows = data.experiments.at(-1)!.runs.map((run) => data.runs[run]!);
    const before = data.experiments[0]!.runs.map((run) => data.runs[run]!);
    rows.forEach((row, i) => {
      expect(row).toMatchObject({ runId: `${before[i]!.runId}:flip+translate1`, macs: 6 * before[i]!.macs });
      expect(row.settings).toMatchObject({ 'evaluation.flip': true, 'evaluation.translate': 1 });
      expect(row.evaluation?.evaluationId).not.toBe(before[i]!.evaluation?.evaluationId);
      expect(before[i]!.settings).toMatchObject({ 'evaluation.flip': false });
    });
    expect(data.rankings.flatMap(({ rows: ranked }) => ranked.flatMap(({ aliases }) => aliases))).toEqual([]);
    const page = pageMarkup(data, measurements, { script: '', sources: {} });
    expect(page).toContain(`${plan.runs.length} trainings`);
    expect(page).toContain('test-time flip and translate 1');
    expect(page).toContain('the logits are averaged');
  });
});

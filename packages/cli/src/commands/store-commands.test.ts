import {
  evaluationId,
  keys,
  openStore,
  type Plan,
  planSchema,
  type TrainingMeasurement,
  writeJson,
} from '@bakeoff/core';
import {
  samplePlan,
  sampleRunRecord,
  sampleTrainingMeasurement,
  type S3TestServer,
  startTestS3,
} from '@bakeoff/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectingContext } from '../testing/collecting-context.ts';
import { ownSurroundings, type Surroundings } from '../testing/own-surroundings.ts';
import { lsCommand } from './ls-command.ts';
import { logsCommand } from './logs-command.ts';
import { rmCommand } from './rm-command.ts';
import { statusCommand } from './status-command.ts';

let server: S3TestServer;
let surroundings: Surroundings;
beforeAll(async () => {
  server = await startTestS3();
  surroundings = await ownSurroundings(server);
});
afterAll(async () => {
  await surroundings.restore();
  await server.close();
});

async function fill(url: string): Promise<void> {
  const store = await openStore(url, { s3: server.options });
  const plans: readonly (readonly [string, readonly string[]])[] = [
    ['first', ['run1', 'run2']],
    ['second', ['run2', 'run3']],
  ];
  for (const [name, runIds] of plans) {
    const sample = samplePlan(runIds);
    const runs = sample.runs.map((run) => ({ ...run, experiments: [`of-${run.runId}`] }));
    const plan: Plan = { ...sample, runs, name, planId: `plan-of-${name}` };
    await writeJson(store, keys.plan(plan.planId), plan, planSchema);
  }
  for (const runId of ['run1', 'run2']) {
    await writeJson(store, keys.runRecord(runId), sampleRunRecord({ runId }));
    await store.put(keys.evaluationRecord(evaluationId(runId)), new Uint8Array(1000));
  }
}

async function run(command: (context: ReturnType<typeof collectingContext>['context']) => Promise<number>) {
  const { context, output } = collectingContext();
  expect(await command(context)).toBe(0);
  return output();
}

/** The first line of an attempt, but for the step. */
const began = (minute: number) => `  2026-01-01 00:0${minute} UTC · wasm (some build) on some processor, from step`;

describe.each(['a folder', 'S3'])('in %s', (kind) => {
  const url = (): string => (kind === 'S3' ? `s3://${server.bucket}/listed` : 'results');
  const ls = (name?: string) => run((context) => lsCommand(name, { store: url() }, context));

  it('ls lists manifests and runs; rm shows what nothing else uses, and removes it with --yes', async () => {
    await fill(url());
    const listed = await ls();
    expect(listed.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME').split('\n')).toEqual([
      `${url()}  2 manifests, 3 runs · 5.0 KiB`,
      '',
      expect.stringMatching(/^manifest +evaluated +report +size +changed \(UTC\)$/),
      ...['second +1 of 2', 'first +2 of 2'].map((row) =>
        expect.stringMatching(new RegExp(`^(${row}|first +2 of 2|second +1 of 2) +no +\\S+ KiB +TIME$`)),
      ),
      '',
      expect.stringMatching(/^run +experiments +seed +state +size +changed \(UTC\)$/),
      expect.stringMatching(/^run[12] +of-run[12] +1 +evaluated +1\.\d KiB +TIME$/),
      expect.stringMatching(/^run[12] +of-run[12] +1 +evaluated +1\.\d KiB +TIME$/),
      expect.stringMatching(/^run3 +of-run3 +1 +not started$/),
      '',
    ] as string[]);
    for (const line of listed.split('\n')) expect(line.length).toBeLessThanOrEqual(80);

    const rm = (...options: [object?]) =>
      run((context) => rmCommand(['first'], { stack: 'Bakeoff', store: url(), ...options[0] }, context));
    const shown = await rm();
    expect(shown).toMatch(/to remove: 3 objects/);
    expect(shown).toMatch(/run run1 \(of-run1, seed 1\) +1 /);
    expect(shown).toContain('kept, used by second too: 1 run, 1 evaluation');
    expect(shown).toContain('add --yes');
    expect(await ls()).toBe(listed);
    expect(await rm({ yes: true })).toContain('removed 3 objects');
    expect(await ls()).not.toMatch(/first|run1/);
    await expect(ls('first')).rejects.toThrow(/there is no manifest first[^]*allowed: {2}second/);
    const { store, runs } = JSON.parse(
      await run((context) => lsCommand(undefined, { store: url(), json: true }, context)),
    ) as { store: string; runs: { runId: string; state: string; bytes: number }[] };
    expect(store.endsWith(url())).toBe(true);
    expect(runs.map(({ runId, state }) => [runId, state])).toEqual([
      ['run2', 'evaluated'],
      ['run3', 'not started'],
    ]);
  });

  it('status and logs tell what the attempts at a manifest’s runs have recorded', async () => {
    const store = await openStore(url(), { s3: server.options });
    const sample = samplePlan(['trained', 'going', 'later']);
    const dataset = {
      datasetId: 'dataset',
      config: { source: 'synthetic', train: null, validation: 10, stratified: true, seed: 1, onDuplicates: 'warn' },
      sourceSha256: '0',
      classes: ['a', 'b'],
      imageShape: [32, 32, 3],
      images: { train: 100, validation: 10, test: 10 },
      augmentations: [],
    } as const;
    const runs = sample.runs.map((run) => ({ ...run, experiments: [`of-${run.runId}`] }));
    const experiment = { title: 'x', sweepValues: {}, recipeId: 'recipe', datasetId: 'dataset' };
    const experiments = runs.map(({ runId }) => ({
      ...experiment,
      id: `of-${runId}`,
      group: `of-${runId}`,
      runIds: [runId],
    }));
    const plan: Plan = {
      ...sample,
      runs,
      experiments,
      datasets: [dataset],
      name: 'going',
      planId: 'plan-of-going',
      warnings: ['odd'],
    };
    await writeJson(store, keys.plan(plan.planId), plan, planSchema);
    await writeJson(store, keys.runRecord('trained'), sampleRunRecord({ runId: 'trained' }));
    const attempt = sampleTrainingMeasurement({
      runId: 'going',
      outcome: 'running',
      lastStep: 20,
      imagesPerSecond: 10,
      epochs: [{ epoch: 1, wallSeconds: 2, imagesPerSecond: 50 }],
    });
    await writeJson(store, keys.runMeasurement('going', 'x'), attempt);

    const status = await run((context) => statusCommand('going', { store: url() }, context));
    expect(status).toContain(`going  in ${url()} · 3 runs: 1 trained, 1 training, 1 pending\n`);
    expect(status).toMatch(/\ngoing +of-going +1 +training +40\.0 % +30 s +last sign .* ago\n/);
    const { runs: rows } = JSON.parse(
      await run((context) => statusCommand('going', { store: url(), json: true }, context)),
    ) as { runs: { state: string }[] };
    expect(rows.map(({ state }) => state)).toEqual(['trained', 'training', 'pending']);
    expect(await run((context) => logsCommand('of-going', { store: url() }, context))).toBe(
      [
        'of-going, seed 1, attempt 1 at training',
        '  2026-01-01 00:00 UTC · wasm (some build) on some processor, from step 0',
        '  epoch 1 · 2.0 s · 50 images/s',
        '',
      ].join('\n'),
    );
    const epoch = { step: 10, trainLoss: 1.5, trainAccuracy: 0.5, validationLoss: 1.25, validationAccuracy: 0.625 };
    const epochs = [1, 2].map((number) => ({ ...epoch, epoch: number, learningRate: 0.1 }));
    await writeJson(store, keys.runRecord('trained'), sampleRunRecord({ runId: 'trained', epochs }));
    const attempts: Partial<TrainingMeasurement>[] = [
      {
        outcome: 'failed',
        failure: 'the disk is full\n  change:   free some space',
        warnings: ['checkpoint x is not used'],
      },
      { outcome: 'running', lastStep: 10, epochs: [{ epoch: 1, wallSeconds: 2, imagesPerSecond: 50 }] },
      {
        outcome: 'finished',
        firstStep: 10,
        lastStep: 20,
        epochs: [{ epoch: 2, wallSeconds: 1, imagesPerSecond: 100 }],
      },
    ];
    for (const [i, more] of attempts.entries()) {
      const startedAt = `2026-01-01T00:0${i}:00.000Z`;
      const measured = sampleTrainingMeasurement({ runId: 'trained', wallSeconds: 3, startedAt, ...more });
      await writeJson(store, keys.runMeasurement('trained', String(i)), measured);
    }
    expect(await run((context) => logsCommand('of-trained', { store: url(), follow: true }, context))).toBe(
      [
        'of-trained, seed 1, attempt 1 at training',
        `${began(0)} 0`,
        '  ⚠ checkpoint x is not used',
        '  failed at step 1 after 3.0 s',
        '    the disk is full',
        '      change:   free some space',
        'of-trained, seed 1, attempt 2 at training',
        `${began(1)} 0`,
        '  epoch 1 · 2.0 s · 50 images/s · loss 1.500, 50.0 % · validation 1.250, 62.5 %',
        '  ended without a word after step 10: its process was killed, or its machine stopped',
        'of-trained, seed 1, attempt 3 at training',
        `${began(2)} 10`,
        '  epoch 2 · 1.0 s · 100 images/s · loss 1.500, 50.0 % · validation 1.250, 62.5 %',
        '  finished at step 20 after 3.0 s',
        '',
      ].join('\n'),
    );
    const failed = sampleTrainingMeasurement({ runId: 'later', outcome: 'failed', failure: 'the disk is full\n  x' });
    await writeJson(store, keys.runMeasurement('later', 'x'), failed);
    const failing = await run((context) => statusCommand('going', { store: url() }, context));
    expect(failing).toMatch(/\nlater +of-later +1 +failed .* the disk is full\n/);

    const log = async (stage: string) => {
      const text = await run((context) => logsCommand(stage, { store: url() }, context));
      return text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME');
    };
    expect(await log('plan')).toBe('going, plan\n  TIME · plan plan-of-going: 3 experiments, 3 runs\n  ⚠ odd\n');
    expect(await log('data-prep')).toBe('going, data-prep\n  not done yet · dataset dataset of synthetic\n');
    expect(await log('compare')).toBe('going, compare\n  not done yet · comparison\n');
    expect(await log('report')).toMatch(/^going, report\n {2}not done yet · report .*\/going\/index.html\n$/);
    await expect(run((context) => statusCommand('goign', { store: url() }, context))).rejects.toThrow(
      'did you mean going?',
    );
  });

  it('rm refuses names that it does not know, and a run that several manifests use', async () => {
    await fill(url());
    const rm = (...names: string[]) => run((context) => rmCommand(names, { stack: 'Bakeoff', store: url() }, context));
    await expect(rm('frist')).rejects.toThrow(/nothing is called frist[^]*did you mean first\?/);
    await expect(rm('run2')).rejects.toThrow(
      /run run2 is used by several manifests\n {2}received: (first, second|second, first)/,
    );
    await expect(rm('run')).rejects.toThrow('several runs begin with this');
    await expect(rm()).rejects.toThrow('nothing to remove');
  });
});

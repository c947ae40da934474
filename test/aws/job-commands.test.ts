import {
  type JobName,
  jobNames,
  MemoryStore,
  parseManifest,
  planManifest,
  type Plan,
  stageNames,
  stages,
} from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { beforeAll, describe, expect, it } from 'vitest';
import { jobCommand } from '../../infra/lib/job-command.ts';
import type { CommandContext } from '../../packages/cli/src/commands/command-context.ts';
import { stageTasks } from '../../packages/cli/src/tasks/plan-tasks.ts';
import { createProgram } from '../../packages/cli/src/program.ts';
import { plainStyle } from '../../packages/cli/src/progress/style.ts';
import { vocabulary } from '../../packages/cli/src/plans/vocabulary.ts';

let plan: Plan;

beforeAll(async () => {
  const manifest = parseManifest(
    'name: t\ndataset: { source: synthetic, images: 60, testImages: 20, validation: 20 }\ndefaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 1 }\nexperiments: [{ id: a, model: { type: cifarnet } }]\n',
    { fileName: 't.yaml', vocabulary },
  );
  plan = await planManifest(manifest, {
    sources: vocabulary.sources,
    fingerprint: async () => ({
      sha256: '0'.repeat(64),
      trainImages: 60,
      testImages: 20,
      classes: ['a', 'b'],
      imageShape: [32, 32, 3],
    }),
    describeModel,
  });
});

/** The command as Batch runs it, with its parameters filled in. */
function filledIn(job: JobName): string[] {
  const values: Readonly<Record<string, string>> = {
    planId: plan.planId,
    runId: plan.runs[0]?.runId ?? '',
    source: `plans/${plan.planId}`,
    store: new MemoryStore().url,
  };
  return jobCommand(job).map((part) => part.replace(/^Ref::(\w+)$/, (_, name: string) => values[name] ?? part));
}

describe('the commands of the job definitions', () => {
  it.each(jobNames)('%s: the command line accepts all of it', (job) => {
    const program = createProgram({ context: { style: plainStyle } as CommandContext, finish: () => undefined });
    const [name, ...args] = filledIn(job);
    const command = program.commands.find((each) => each.name() === name);
    expect(command?.parseOptions(args)).toEqual({ operands: [], unknown: [] });
  });

  it.each(stageNames.filter((stage) => stages[stage].subject !== 'dataset'))(
    '%s is what the local runner starts, except for the engine',
    (job) => {
      const [task] = stageTasks(job, plan, { store: 'memory:', engine: 'wasm', archives: {}, cacheFolder: '/cache' });
      const command = filledIn(job);
      expect(task?.command.slice(0, command.length)).toEqual(command);
      expect(task?.command.slice(command.length).every((part, i) => i % 2 === 1 || part.startsWith('--'))).toBe(true);
    },
  );
});
